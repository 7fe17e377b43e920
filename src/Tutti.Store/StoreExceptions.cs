namespace Tutti.Store;

/// <summary>The medium of a store failed; the message names the operation, the file or server, and the remedy.</summary>
public class StoreException : Exception
{
    /// <summary>Names the operation and the subject.</summary>
    public StoreException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>Another writer has taken over: this one must stop and follow.</summary>
public sealed class FencedException(long epoch, long current)
    : StoreException($"commit with epoch {epoch} refused: the current epoch is {current}, another server leads")
{
    /// <summary>The epoch that was refused.</summary>
    public long Epoch { get; } = epoch;

    /// <summary>The epoch in force.</summary>
    public long Current { get; } = current;
}

/// <summary>A batch is over a bound of <see cref="StoreLimits"/>; nothing was written.</summary>
public sealed class BatchTooLargeException(string message) : StoreException(message);

/// <summary>The changes asked for have been compacted away.</summary>
public sealed class CompactedException(long afterRevision, long oldest)
    : StoreException($"changes after revision {afterRevision} are no longer kept, the oldest kept follow revision {oldest}: load the documents instead")
{
    /// <summary>The revision after which changes are still kept.</summary>
    public long Oldest { get; } = oldest;
}
