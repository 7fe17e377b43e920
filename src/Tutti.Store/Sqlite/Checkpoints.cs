namespace Tutti.Store.Sqlite;

/// <summary>Copies the write-ahead log into the file, beside the commits instead of inside one of them.</summary>
/// <remarks>
/// SQLite starts its log again from the beginning only when a checkpoint has copied all of it. Under steady writing a checkpoint
/// beside the writer never gets there, so it works in two steps: this thread copies the bulk while commits go on, then the writer
/// copies the few frames that came meanwhile, between two commits. See https://sqlite.org/wal.html#ckpt.
/// </remarks>
internal sealed class Checkpoints
{
    /// <summary>Pages in the log at which a checkpoint begins: 64 MiB. A longer log copies pages that change often fewer times, but is read when the store is opened after a crash.</summary>
    private const int BeginAtPages = 16_384;

    /// <summary>Frames that the writer may copy between two commits without making the second wait for long.</summary>
    private const int FewFrames = 1_024;

    /// <summary>Most times that the bulk is copied while the writer keeps adding to it.</summary>
    private const int MostRounds = 4;

    private readonly SemaphoreSlim _due = new(0);
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Database _database;
    private readonly Func<Task<int?>> _finish;
    private int _pages;
    private int _beginAt = BeginAtPages;
    private bool _running;

    /// <summary>Starts the thread.</summary>
    /// <param name="database">A connection of its own, disposed of by the thread.</param>
    /// <param name="finish">Copies the rest on the writing thread; frames left, or null.</param>
    public Checkpoints(Database database, Func<Task<int?>> finish)
    {
        _database = database;
        _finish = finish;
        new Thread(Run) { Name = "tutti-store-checkpoint", IsBackground = true }.Start();
    }

    /// <summary>Counts pages that a commit wrote. Called by the writing thread.</summary>
    public void Written(int pages)
    {
        _pages += pages;
        if (_running || _pages < _beginAt)
            return;
        _running = true;
        _due.Release();
    }

    /// <summary>Takes note of how the last step went. Called by the writing thread.</summary>
    /// <param name="left">Frames that are not copied yet; null when nothing could be done.</param>
    public void Finished(int? left)
    {
        // A reader that holds an old snapshot keeps the log from starting again: try once more after as much again.
        if (left is 0)
            _pages = 0;
        _beginAt = _pages + BeginAtPages;
        _running = false;
    }

    /// <summary>Ends the thread after the checkpoint that may be running.</summary>
    public Task EndAsync()
    {
        _ending.Cancel();
        return _ended.Task;
    }

    private void Run()
    {
        try
        {
            while (!_ending.IsCancellationRequested)
            {
                _due.Wait(_ending.Token);

                // A checkpoint that fails loses nothing: what is committed stays in the log, and what fails on the disk fails the next commit too.
                for (var round = 0; round < MostRounds && _database.CheckpointPassively() is > FewFrames; round++)
                {
                }

                _finish().GetAwaiter().GetResult();
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The store is being closed; its last connection makes the last checkpoint.
        }
        finally
        {
            _database.Dispose();
            _ended.SetResult();
        }
    }
}
