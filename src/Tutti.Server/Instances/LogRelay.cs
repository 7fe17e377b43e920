using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Security.Cryptography;

namespace Tutti.Server.Instances;

/// <summary>Brings whoever reads a log together with the agent that sends it.</summary>
internal sealed class LogRelay(TimeSpan patience)
{
    /// <summary>How long an agent may take to begin.</summary>
    public TimeSpan Patience => patience;

    private readonly ConcurrentDictionary<(string Node, string Stream), PendingLog> _pending = new();

    /// <summary>Waits for a node's agent; dispose when the reader has enough.</summary>
    public PendingLog Expect(string node)
    {
        var stream = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var pending = new PendingLog(stream, gone => _pending.TryRemove(new((node, stream), gone)));
        _pending[(node, stream)] = pending;
        return pending;
    }

    /// <summary>The agent has come; null where nobody waits for this stream, or not any more.</summary>
    public PendingLog? Take(string node, string stream) => _pending.TryRemove((node, stream), out var pending) ? pending : null;
}

/// <summary>One log that somebody reads: the agent brings the content, the reader tells when it has done with it.</summary>
internal sealed class PendingLog(string stream, Action<PendingLog> remove) : IDisposable
{
    private readonly TaskCompletionSource<PipeReader> _content = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<bool> _read = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Stream => stream;

    /// <summary>What the agent sends, as soon as it does.</summary>
    public Task<PipeReader> Content => _content.Task;

    /// <summary>The agent's side: hands the content over and waits. True: all of it was read. False: the reader left before its end.</summary>
    public Task<bool> HandOver(PipeReader content)
    {
        _content.TrySetResult(content);
        return _read.Task;
    }

    /// <summary>The reader's side: all of it was read.</summary>
    public void Finish() => _read.TrySetResult(true);

    public void Dispose()
    {
        remove(this);
        _read.TrySetResult(false);
    }
}
