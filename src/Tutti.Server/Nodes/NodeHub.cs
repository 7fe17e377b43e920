using Microsoft.Extensions.Logging;
using Tutti.Control.State;
using Tutti.Model.Agents;
using Tutti.Server.Streams;

namespace Tutti.Server.Nodes;

/// <summary>Tells each agent what is wanted of its node. One watch a node: a newer one takes the place of an older.</summary>
internal sealed partial class NodeHub(ClusterView view, ILogger logger) : IChangeHub
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, NodeWatch> _watches = new(StringComparer.Ordinal);

    /// <summary>Adds the watch of a node's agent.</summary>
    /// <param name="node">The node.</param>
    /// <param name="session">The agent's session.</param>
    /// <param name="after">Revision that the agent has come to; null: none.</param>
    /// <param name="stream">Where changes go.</param>
    /// <returns>What the agent is to hear first; null: the session is not the node's.</returns>
    public ReadOnlyMemory<byte>? Add(string node, string session, long? after, EventStream stream)
    {
        lock (_gate)
        {
            if (view.Read((state, _) => state.Nodes.Find(node)?.Session) != session)
            {
                return null;
            }

            var first = (after is { } revision ? Resumed(node, revision) : null) ?? Snapshot(node);
            if (_watches.Remove(node, out var older))
            {
                older.Stream.End();
            }

            _watches[node] = new NodeWatch(session, stream) { Revision = first.Revision };
            return EventFrame.Of("assignments", first.Revision, first);
        }
    }

    public void Remove(string node, EventStream stream)
    {
        lock (_gate)
        {
            if (_watches.TryGetValue(node, out var watch) && watch.Stream == stream)
            {
                _watches.Remove(node);
            }
        }
    }

    /// <summary>Asks a node's agent for a log. False: no agent is listening there.</summary>
    public bool TryAsk(string node, LogRequest request)
    {
        lock (_gate)
        {
            return _watches.TryGetValue(node, out var watch)
                && watch.Stream.TrySend(Frame(new AssignmentEvent { Revision = watch.Revision, Logs = [request] }));
        }
    }

    public void Apply(IReadOnlyList<CommittedBatch> batches)
    {
        lock (_gate)
        {
            if (_watches.Count == 0)
            {
                return;
            }

            EndOldSessions(batches);
            var touched = batches.SelectMany(batch => batch.Changes)
                .SelectMany(change => Nodes(change))
                .Where(_watches.ContainsKey)
                .ToHashSet(StringComparer.Ordinal);
            foreach (var node in touched)
            {
                Send(node, _watches[node], batches);
            }

            foreach (var watch in _watches.Values)
            {
                watch.Revision = Math.Max(watch.Revision, batches[^1].Revision);
            }
        }
    }

    public void Resync()
    {
        lock (_gate)
        {
            foreach (var watch in _watches.Values)
            {
                watch.Stream.End();
            }

            _watches.Clear();
        }
    }

    private static IEnumerable<string> Nodes(Change change)
    {
        var before = (change.Before as Instance)?.Node;
        var after = (change.After as Instance)?.Node;
        return before is null ? after is null ? [] : [after] : after is null || after == before ? [before] : [before, after];
    }

    private static ReadOnlyMemory<byte> Frame(AssignmentEvent item) => EventFrame.Of("assignments", item.Revision, item);

    private void EndOldSessions(IReadOnlyList<CommittedBatch> batches)
    {
        foreach (var change in batches.SelectMany(batch => batch.Changes).Where(change => change.Key.Kind == DocumentKinds.Node))
        {
            if (_watches.TryGetValue(change.Key.Key, out var watch) && change.Before is Node before
                && before.Session == watch.Session && (change.After as Node)?.Session != watch.Session)
            {
                watch.Stream.End();
                _watches.Remove(change.Key.Key);
            }
        }
    }

    private void Send(string node, NodeWatch watch, IReadOnlyList<CommittedBatch> batches)
    {
        try
        {
            var item = AssignmentChanges.Between(view, node, batches.Where(batch => batch.Revision > watch.Revision));
            if (item is not null)
            {
                watch.Stream.TrySend(Frame(item));
            }
        }
        catch (InvalidOperationException e)
        {
            // One node's broken state must not silence the others: its agent reconnects and is told the reason.
            Log.Broken(logger, node, e.Message);
            watch.Stream.End();
            _watches.Remove(node);
        }
    }

    private AssignmentEvent Snapshot(string node) => view.Read((state, revision) => new AssignmentEvent
    {
        Revision = revision,
        Snapshot = true,
        Assigned = [.. state.InstancesOn(node).Values.OrderBy(i => i.Key, StringComparer.Ordinal).Select(i => AssignmentBuilder.Of(state, i))],
    });

    private AssignmentEvent? Resumed(string node, long after)
    {
        using var subscription = view.Resume(after);
        if (subscription is null)
        {
            return null;
        }

        var missed = new List<CommittedBatch>();
        while (subscription.Batches.TryRead(out var batch))
        {
            missed.Add(batch);
        }

        return AssignmentChanges.Between(view, node, missed)
            ?? new AssignmentEvent { Revision = missed.Count > 0 ? missed[^1].Revision : after };
    }

    private sealed class NodeWatch(string session, EventStream stream)
    {
        public string Session => session;

        public EventStream Stream => stream;

        /// <summary>What the agent has been brought to.</summary>
        public long Revision { get; set; }
    }

    private static partial class Log
    {
        [LoggerMessage(1002, LogLevel.Error, "the watch of node {Node} was ended: {Reason}")]
        public static partial void Broken(ILogger logger, string node, string reason);
    }
}
