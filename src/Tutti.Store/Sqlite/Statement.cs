using System.Text;
using SQLitePCL;

namespace Tutti.Store.Sqlite;

/// <summary>A prepared statement; parameters count from 1, columns from 0. Binding copies the bytes.</summary>
internal sealed class Statement(Database database, sqlite3_stmt handle) : IDisposable
{
    private byte[] _scratch = new byte[256];

    public void Bind(int parameter, long value) => raw.sqlite3_bind_int64(handle, parameter, value);

    public void Bind(int parameter, string value)
    {
        var most = BatchBounds.Utf8.GetMaxByteCount(value.Length);
        if (_scratch.Length < most)
            _scratch = new byte[most];
        var length = BatchBounds.Utf8.GetBytes(value, _scratch);

        // An empty span would be bound as NULL.
        if (length == 0)
            raw.sqlite3_bind_text(handle, parameter, "");
        else
            raw.sqlite3_bind_text(handle, parameter, _scratch.AsSpan(0, length));
    }

    public void Bind(int parameter, ReadOnlyMemory<byte>? value)
    {
        if (value is not { } bytes)
            raw.sqlite3_bind_null(handle, parameter);
        else if (bytes.IsEmpty)
            raw.sqlite3_bind_zeroblob(handle, parameter, 0);
        else
            raw.sqlite3_bind_blob(handle, parameter, bytes.Span);
    }

    /// <summary>Runs to the next row; false at the end, where the statement is reset.</summary>
    public bool Step(string operation)
    {
        var code = raw.sqlite3_step(handle);
        if (code == raw.SQLITE_ROW)
            return true;
        var failure = code == raw.SQLITE_DONE ? null : database.Failure(operation, code);
        raw.sqlite3_reset(handle);
        return failure is null ? false : throw failure;
    }

    /// <summary>Runs a statement that gives no rows.</summary>
    public void Run(string operation)
    {
        while (Step(operation))
        {
        }
    }

    /// <summary>Ends the reading of rows, and with it the snapshot.</summary>
    public void Reset() => raw.sqlite3_reset(handle);

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public long Int64(int column) => raw.sqlite3_column_int64(handle, column);

    /// <summary>The bytes of a text or blob, valid until the next step.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(handle, column);

    public string Text(int column) => Encoding.UTF8.GetString(Bytes(column));

    /// <summary>A text that is mostly the same as the last one, which is then given again instead of a copy.</summary>
    public string Text(int column, ref string last)
    {
        var bytes = Bytes(column);
        if (bytes.Length != last.Length || !Ascii.Equals(bytes, last))
            last = Encoding.UTF8.GetString(bytes);
        return last;
    }

    public void Dispose() => handle.Dispose();
}
