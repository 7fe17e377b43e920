namespace Tutti.Node.Agent;

/// <summary>Wakes one waiting loop; any number of calls before it looks wake it once.</summary>
internal sealed class Wake(TimeProvider time)
{
    private TaskCompletionSource _set = New();

    /// <summary>There is something to look at.</summary>
    public void Set() => Volatile.Read(ref _set).TrySetResult();

    /// <summary>Returns once set, or after the longest wait. What was set before it returns is seen by looking after it.</summary>
    public async Task WaitAsync(TimeSpan longest, CancellationToken cancellation)
    {
        if (longest > TimeSpan.Zero)
        {
            // Nothing happening is the usual case: its TimeoutException is not worth throwing.
            await ((Task)Volatile.Read(ref _set).Task.WaitAsync(longest, time, cancellation)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
        }

        if (Volatile.Read(ref _set).Task.IsCompleted)
        {
            Interlocked.Exchange(ref _set, New());
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
