namespace Tutti.Store.Sqlite;

/// <summary>Counts what is read at once, so that a long reading needs little memory.</summary>
internal sealed class Portion
{
    private const int Rows = 1_024;
    private const int Bytes = 1 << 20;

    private int _rows;
    private long _bytes;

    /// <summary>Counts a row; true when it is the last of the portion, and the next begins a new one.</summary>
    public bool IsFull(int valueBytes)
    {
        _rows++;
        _bytes += valueBytes;
        if (_rows < Rows && _bytes < Bytes)
            return false;
        _rows = 0;
        _bytes = 0;
        return true;
    }
}
