using Tutti.Control.State;
using Tutti.Model.Agents;

namespace Tutti.Server.Nodes;

/// <summary>What a run of committed batches means for one node's agent.</summary>
internal static class AssignmentChanges
{
    /// <summary>Null: nothing that the agent needs to hear.</summary>
    /// <exception cref="InvalidOperationException">An assignment cannot be built: the state is broken.</exception>
    public static AssignmentEvent? Between(ClusterView view, string node, IEnumerable<CommittedBatch> batches)
    {
        var ends = new SortedDictionary<string, (Instance? Before, Instance? After)>(StringComparer.Ordinal);
        var last = 0L;
        foreach (var batch in batches)
        {
            last = batch.Revision;
            foreach (var change in batch.Changes)
            {
                if (Touches(change, node))
                {
                    var known = ends.TryGetValue(change.Key.Key, out var seen);
                    ends[change.Key.Key] = (known ? seen.Before : change.Before as Instance, change.After as Instance);
                }
            }
        }

        var wanted = new List<Instance>();
        var removed = new List<string>();
        foreach (var (key, (before, after)) in ends)
        {
            if (after?.Node != node)
            {
                removed.Add(key);
            }
            else if (before?.Node != node || AssignmentBuilder.Differs(before, after))
            {
                wanted.Add(after);
            }
        }

        return wanted.Count + removed.Count == 0
            ? null
            : new AssignmentEvent
            {
                Revision = last,
                Assigned = [.. view.Read((state, _) => wanted.ConvertAll(instance => AssignmentBuilder.Of(state, instance)))],
                Removed = [.. removed],
            };
    }

    private static bool Touches(Change change, string node) =>
        (change.Before as Instance)?.Node == node || (change.After as Instance)?.Node == node;
}
