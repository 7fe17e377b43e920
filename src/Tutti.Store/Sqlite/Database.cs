using SQLitePCL;

namespace Tutti.Store.Sqlite;

/// <summary>One connection. Used by one thread at a time.</summary>
internal sealed class Database : IDisposable
{
    private const int DbStatusCacheWrite = 9; // SQLITE_DBSTATUS_CACHE_WRITE
    private const uint PreparePersistent = 1; // SQLITE_PREPARE_PERSISTENT

    private readonly sqlite3 _handle;
    private readonly List<Statement> _statements = [];

    static Database() => Batteries_V2.Init();

    private Database(sqlite3 handle, string path)
    {
        _handle = handle;
        Path = path;
    }

    public string Path { get; }

    /// <summary>True between transactions.</summary>
    public bool IsIdle => raw.sqlite3_get_autocommit(_handle) != 0;

    /// <summary>True when SQLite could only open the file for reading.</summary>
    public bool IsReadOnly => raw.sqlite3_db_readonly(_handle, "main") != 0;

    /// <summary>Rows that the last statement changed.</summary>
    public int RowsChanged => raw.sqlite3_changes(_handle);

    /// <summary>Opens an existing file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cacheBytes">Most bytes of pages kept in memory.</param>
    public static Database Open(string path, int cacheBytes)
    {
        var code = raw.sqlite3_open_v2(path, out var handle, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_NOMUTEX, null);
        var database = new Database(handle, path);
        try
        {
            if (code != raw.SQLITE_OK)
                throw database.Failure("opening the store", code);
            raw.sqlite3_extended_result_codes(handle, 1);
            raw.sqlite3_busy_timeout(handle, Failures.BusyTimeoutMilliseconds);
            database.Execute($"PRAGMA cache_size = -{cacheBytes >> 10}", "opening the store");
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>A statement that is kept for the life of the connection.</summary>
    public Statement Prepare(string sql)
    {
        var code = raw.sqlite3_prepare_v3(_handle, sql, PreparePersistent, out var handle);
        if (code != raw.SQLITE_OK)
            throw Failure("opening the store", code);
        var statement = new Statement(this, handle);
        _statements.Add(statement);
        return statement;
    }

    public void Execute(string sql, string operation)
    {
        var code = raw.sqlite3_exec(_handle, sql);
        if (code != raw.SQLITE_OK)
            throw Failure(operation, code);
    }

    /// <summary>The first column of the first row; 0 for none.</summary>
    public long Scalar(string sql, string operation)
    {
        var statement = Prepare(sql);
        try
        {
            return statement.Step(operation) ? statement.Int64(0) : 0;
        }
        finally
        {
            _statements.Remove(statement);
            statement.Dispose();
        }
    }

    /// <summary>Gives up what a failed transaction left.</summary>
    public void Abandon()
    {
        // SQLite rolls back by itself on some errors; the result of a second rollback says nothing new,
        // and a transaction that stays open is found by the next one's BEGIN.
        if (!IsIdle)
            raw.sqlite3_exec(_handle, "ROLLBACK");
    }

    /// <summary>Pages written since the last call.</summary>
    public int TakePagesWritten()
    {
        raw.sqlite3_db_status(_handle, DbStatusCacheWrite, out var pages, out _, 1);
        return pages;
    }

    /// <summary>Copies what it can of the write-ahead log into the file without waiting for anyone.</summary>
    /// <returns>Frames that are not copied yet; 0: the next writer starts the log again from its beginning. Null: it could not be done now.</returns>
    public int? CheckpointPassively()
    {
        var code = raw.sqlite3_wal_checkpoint_v2(_handle, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out var frames, out var copied);
        return code == raw.SQLITE_OK && frames >= 0 ? frames - copied : null;
    }

    public StoreException Failure(string operation, int code) => Failures.Of(operation, Path, code, raw.sqlite3_errmsg(_handle).utf8_to_string());

    public void Dispose()
    {
        foreach (var statement in _statements)
            statement.Dispose();
        _handle.Dispose();
    }
}
