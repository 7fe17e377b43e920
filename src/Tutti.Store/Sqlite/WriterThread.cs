using System.Collections.Concurrent;

namespace Tutti.Store.Sqlite;

/// <summary>The one thread that writes, and its queue. A commit waits for the disk here, never on its caller's thread.</summary>
internal sealed class WriterThread
{
    /// <summary>Most requests waiting. Commits do not overlap, so there are only ever a few.</summary>
    private const int QueueLength = 1_024;

    private readonly BlockingCollection<IRequest> _queue = new(QueueLength);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _closing = new();
    private readonly Writer _writer;
    private readonly Action _afterWrite;

    /// <summary>Starts the thread.</summary>
    /// <param name="writer">Used by this thread alone from now on, and disposed of by it.</param>
    /// <param name="afterWrite">Called on the thread after every request, once its caller has been told.</param>
    public WriterThread(Writer writer, Action afterWrite)
    {
        _writer = writer;
        _afterWrite = afterWrite;
        new Thread(Run) { Name = "tutti-store", IsBackground = true }.Start();
    }

    /// <summary>Runs work on the thread.</summary>
    /// <param name="work">What to do.</param>
    /// <param name="cancellation">Gives up while the work waits; work that has begun runs to its end.</param>
    public ValueTask<T> RunAsync<T>(Func<Writer, T> work, CancellationToken cancellation)
    {
        var request = new Request<T>(work, cancellation);
        lock (_closing)
        {
            ObjectDisposedException.ThrowIf(_queue.IsAddingCompleted, typeof(SqliteStore));
            if (!_queue.TryAdd(request))
                throw new StoreException($"the store refused a request: {QueueLength} are waiting already");
        }

        return new ValueTask<T>(request.Task);
    }

    /// <summary>Lets what waits run, then ends the thread.</summary>
    public Task EndAsync()
    {
        lock (_closing)
            _queue.CompleteAdding();
        return _ended.Task;
    }

    private void Run()
    {
        try
        {
            foreach (var request in _queue.GetConsumingEnumerable())
            {
                request.Run(_writer);
                _afterWrite();
            }

            _writer.Dispose();
            _ended.SetResult();
        }
        catch (Exception e)
        {
            _ended.SetException(e);
        }
    }

    private interface IRequest
    {
        void Run(Writer writer);
    }

    private sealed class Request<T>(Func<Writer, T> work, CancellationToken cancellation) : IRequest
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<T> Task => _done.Task;

        public void Run(Writer writer)
        {
            if (cancellation.IsCancellationRequested)
            {
                _done.SetCanceled(cancellation);
                return;
            }

            try
            {
                _done.SetResult(work(writer));
            }
            catch (Exception e)
            {
                _done.SetException(e);
            }
        }
    }
}
