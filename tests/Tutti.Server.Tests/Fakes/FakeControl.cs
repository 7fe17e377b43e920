using System.Collections.Concurrent;
using System.Collections.Immutable;
using Tutti.Control.Commands;
using Tutti.Control.Loop;
using Tutti.Control.State;
using Tutti.Model.Agents;
using Tutti.Server.Loop;

namespace Tutti.Server.Tests.Fakes;

/// <summary>A control loop that does what a test says, in front of a real view.</summary>
internal sealed class FakeControl(int changesKept = 64, int watcherQueue = 256) : IControl
{
    private readonly TaskCompletionSource _completion = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<DocumentKey, object> _documents = [];

    public ClusterView View { get; } = new(changesKept, watcherQueue);

    public string ClusterId => "cluster-1";

    public Task Completion => _completion.Task;

    public ConcurrentQueue<Command> Submitted { get; } = new();

    public Func<Command, CommandResult> Answer { get; set; } = _ => new CommandResult { Revision = 0 };

    public ConcurrentDictionary<string, NodePulse> Pulses { get; } = new();

    public ConcurrentDictionary<string, NodeCapacity> Used { get; } = new();

    public NodePulse? Pulse(string node) => Pulses.GetValueOrDefault(node);

    public NodeCapacity? Usage(string instanceKey) => Used.GetValueOrDefault(instanceKey);

    public Task<CommandResult> SubmitAsync(Command command, CancellationToken cancellation = default)
    {
        Submitted.Enqueue(command);
        return Task.FromResult(Answer(command));
    }

    public void Fail(Exception cause) => _completion.SetException(cause);

    /// <summary>Commits documents as one batch.</summary>
    public long Put(params object[] documents) => Commit([.. documents.Select(document => (DocumentKinds.KeyOf(document), (object?)document))]);

    /// <summary>Commits that documents are gone, as one batch.</summary>
    public long Remove(params object[] documents) => Commit([.. documents.Select(document => (DocumentKinds.KeyOf(document), (object?)null))]);

    private long Commit(ImmutableArray<(DocumentKey Key, object? After)> writes)
    {
        lock (_gate)
        {
            var changes = ImmutableArray.CreateBuilder<Change>();
            foreach (var (key, after) in writes)
            {
                _documents.Remove(key, out var before);
                if (after is not null)
                {
                    _documents[key] = after;
                }

                changes.Add(new Change(key, before, after));
            }

            var batch = new CommittedBatch(View.Revision + 1, changes.ToImmutable());
            View.Publish(batch);
            return batch.Revision;
        }
    }
}
