namespace Tutti.Control.Loop;

/// <summary>Bounds and periods of the control loop.</summary>
public sealed record ControlOptions
{
    /// <summary>Commands that may wait; a further caller is told that the server is busy. Default 16,384.</summary>
    public int QueueLength { get; init; } = 16_384;

    /// <summary>Commands taken into one batch. Default 2,048.</summary>
    public int CommandsPerBatch { get; init; } = 2_048;

    /// <summary>Instances decided in one turn; the rest waits for the next. Default 4,096.</summary>
    public int InstancesPerTurn { get; init; } = 4_096;

    /// <summary>A node silent for longer is lost; its agent has stopped its pets by then. Default 10 s.</summary>
    public TimeSpan NodeLease { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often an agent reports when nothing changes. Default 2 s.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Added to the lease before a pet may be placed elsewhere, against clock drift and stopping time. Default 15 s.</summary>
    public TimeSpan PetGrace { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often every service is looked at even when nothing was heard of it. Default 30 s.</summary>
    public TimeSpan ResyncInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Events kept. Default 100,000.</summary>
    public int EventsKept { get; init; } = 100_000;

    /// <summary>Ended operations kept. Default 1,000.</summary>
    public int OperationsKept { get; init; } = 1_000;

    /// <summary>Transitions kept for each architecture, the newest. Default 200.</summary>
    public int TransitionsKept { get; init; } = 200;

    /// <summary>Committed batches kept in memory for watchers that resume. Default 4,096.</summary>
    public int ChangesKept { get; init; } = 4_096;

    /// <summary>Committed batches whose changes stay in the store's log. Default 10,000.</summary>
    public int StoreRevisionsKept { get; init; } = 10_000;

    /// <summary>Committed batches a slow watcher may fall behind before it must read afresh. Default 1,024.</summary>
    public int WatcherQueue { get; init; } = 1_024;

    /// <summary>True: a lock outside the store (on the data folder) makes sure that no other server writes it, so leadership is taken without waiting for the last one's lease. Default false.</summary>
    public bool SoleServer { get; init; }

    /// <summary>Leadership lease in the store. Default 10 s.</summary>
    public TimeSpan LeaderLease { get; init; } = TimeSpan.FromSeconds(10);
}
