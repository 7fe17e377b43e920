using Microsoft.Extensions.Logging;
using Tutti.Control.State;

namespace Tutti.Server.Streams;

/// <summary>Turns committed changes into frames for its watchers.</summary>
internal interface IChangeHub
{
    /// <summary>Passes on what these batches changed.</summary>
    void Apply(IReadOnlyList<CommittedBatch> batches);

    /// <summary>Batches were missed: look at everything that is watched.</summary>
    void Resync();
}

/// <summary>The one subscription to the committed view that feeds every hub.</summary>
internal sealed partial class ViewFollower(ClusterView view, IReadOnlyList<IChangeHub> hubs, EventStreams streams, ILogger logger)
{
    private const int MostBatchesAtOnce = 64;

    /// <summary>Runs until the view is closed or the server stops; then every watch ends.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (await FollowAsync(stopping))
            {
                Log.FellBehind(logger);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The server stops.
        }
        finally
        {
            streams.EndAll();
        }
    }

    /// <returns>True: it fell behind and must subscribe afresh. False: the view is closed.</returns>
    private async Task<bool> FollowAsync(CancellationToken stopping)
    {
        using var subscription = view.ReadAndSubscribe((_, revision) => revision).Subscription;
        foreach (var hub in hubs)
        {
            hub.Resync();
        }

        var reader = subscription.Batches;
        var batches = new List<CommittedBatch>();
        try
        {
            while (await reader.WaitToReadAsync(stopping))
            {
                batches.Clear();
                while (batches.Count < MostBatchesAtOnce && reader.TryRead(out var batch))
                {
                    batches.Add(batch);
                }

                foreach (var hub in hubs)
                {
                    hub.Apply(batches);
                }
            }

            return false;
        }
        catch (WatcherTooSlowException)
        {
            return true;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1001, LogLevel.Warning, "the watches fell behind the committed changes and read afresh")]
        public static partial void FellBehind(ILogger logger);
    }
}
