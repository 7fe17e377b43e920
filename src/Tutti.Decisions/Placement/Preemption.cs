using System.Collections.Immutable;
using Tutti.Model.Lifecycle;

namespace Tutti.Decisions.Placement;

/// <summary>Makes room for requests that fit nowhere, at the cost of less critical instances: on the node where it hurts least.</summary>
internal sealed class Preemption(NodeTable table, Func<string, IReadOnlyList<Occupant>> occupantsOf)
{
    private readonly Dictionary<int, IReadOnlyList<Occupant>> _occupants = [];
    private readonly HashSet<string> _going = new(StringComparer.Ordinal);
    private readonly List<Planned> _planned = [];
    private readonly List<Occupant> _candidates = [];
    private readonly List<Occupant> _certain = [];

    /// <summary>Chooses victims until the instances have room to wait for, or no node can give any.</summary>
    /// <param name="index">Index of the request.</param>
    /// <param name="request">The request.</param>
    /// <param name="filter">The nodes it may use.</param>
    /// <param name="count">Instances that need room.</param>
    /// <param name="keptOn">Takes up the nodes where room is kept for it.</param>
    /// <returns>How many instances have room to wait for.</returns>
    public int MakeRoom(int index, PlacementRequest request, NodeFilter filter, int count, HashSet<int> keptOn)
    {
        if (request.Criticality == Criticality.Sheddable)
        {
            return 0;
        }

        var offers = new PriorityQueue<(int Node, VictimSet Victims), (Harm Harm, int Node)>();
        for (var node = filter.First; node < filter.End; node++)
        {
            Offer(offers, node, request, filter);
        }

        var (given, first, last) = (0, _planned.Count, -1);
        var kept = new Dictionary<int, int>();
        while (given < count && offers.TryDequeue(out var offer, out _))
        {
            foreach (var victim in offer.Victims.Victims)
            {
                _going.Add(victim.Key);
                _planned.Add(new Planned(offer.Node, victim, index));
                table.Release(offer.Node, victim);
            }

            last = offer.Node;
            var fit = (int)Math.Min(count - given, table.FitLater(last, request));
            for (var i = 0; i < fit; i++)
            {
                table.Keep(last, request);
            }

            given += fit;
            kept[last] = kept.GetValueOrDefault(last) + fit;
            if (given < count)
            {
                Offer(offers, offer.Node, request, filter);
            }
        }

        Spare(request, first, last, kept);
        keptOn.UnionWith(kept.Where(node => node.Value > 0).Select(node => node.Key));
        return given;
    }

    /// <summary>All evictions, without those that later ones on the same node have made needless.</summary>
    public ImmutableArray<Eviction> Evictions()
    {
        var spared = new HashSet<string>(StringComparer.Ordinal);
        foreach (var planned in DearestFirst(_planned))
        {
            if (table.TrySpare(planned.Node, planned.Victim))
            {
                spared.Add(planned.Victim.Key);
            }
        }

        return [.. _planned.Where(planned => !spared.Contains(planned.Victim.Key))
            .Select(planned => new Eviction(planned.Victim.Key, planned.Request, table.Nodes[planned.Node].Name))];
    }

    // Victims were chosen for one instance after the other. A later choice may have made an earlier one needless: on the same node, or
    // because the last node, the only one with room to spare, can take over the instances that wait for it.
    private void Spare(PlacementRequest request, int first, int last, Dictionary<int, int> kept)
    {
        foreach (var planned in DearestFirst(_planned.Skip(first)).ToList())
        {
            if (table.TrySpare(planned.Node, planned.Victim) || (planned.Node != last && TryMove(request, planned, last, kept)))
            {
                _going.Remove(planned.Victim.Key);
                _planned.Remove(planned);
            }
        }
    }

    private bool TryMove(PlacementRequest request, Planned planned, int to, Dictionary<int, int> kept)
    {
        var displaced = table.DisplacedBySparing(planned.Node, planned.Victim, request);
        if (displaced > kept[planned.Node] || displaced > table.FitLater(to, request))
        {
            return false;
        }

        table.MoveKept(planned.Node, to, request, (int)displaced);
        kept[planned.Node] -= (int)displaced;
        kept[to] += (int)displaced;
        return table.TrySpare(planned.Node, planned.Victim);
    }

    private void Offer(PriorityQueue<(int Node, VictimSet Victims), (Harm Harm, int Node)> offers, int node, PlacementRequest request, NodeFilter filter)
    {
        if (!table.Rows[node].Closed && filter.Admits(node) && Find(node, request) is { } victims)
        {
            offers.Enqueue((node, victims), (victims.Harm, node));
        }
    }

    private VictimSet? Find(int node, PlacementRequest request)
    {
        if (!_occupants.TryGetValue(node, out var occupants))
        {
            _occupants[node] = occupants = occupantsOf(table.Nodes[node].Name);
        }

        _candidates.Clear();
        foreach (var occupant in occupants)
        {
            if (occupant.Criticality > request.Criticality && !occupant.Protected && !_going.Contains(occupant.Key))
            {
                _candidates.Add(occupant);
            }
        }

        if (_candidates.Count == 0 || !FindHolders(node, request))
        {
            return null;
        }

        ref readonly var row = ref table.Rows[node];
        return VictimSearch.Find(_candidates, [.. _certain], request.Needs.Cpu.Millis - row.LaterCpu, request.Needs.Memory.Bytes - row.LaterMemory);
    }

    // Moves those who hold a needed port from the candidates to the certain victims; false where one of the ports cannot be had.
    private bool FindHolders(int node, PlacementRequest request)
    {
        _certain.Clear();
        foreach (var port in request.FixedPorts)
        {
            if (table.IsClaimed(node, port))
            {
                return false;
            }

            if (!table.IsOccupied(node, port) || _certain.Exists(victim => victim.FixedPorts.Contains(port)))
            {
                continue;
            }

            var holder = _candidates.FindIndex(candidate => candidate.FixedPorts.Contains(port));
            if (holder < 0)
            {
                return false;
            }

            _certain.Add(_candidates[holder]);
            _candidates.RemoveAt(holder);
        }

        return true;
    }

    private static IOrderedEnumerable<Planned> DearestFirst(IEnumerable<Planned> planned) => planned
        .OrderBy(each => each.Victim.Criticality)
        .ThenByDescending(each => each.Victim.Reserved.Memory)
        .ThenByDescending(each => each.Victim.Reserved.Cpu)
        .ThenBy(each => each.Victim.Key, StringComparer.Ordinal);

    private readonly record struct Planned(int Node, Occupant Victim, int Request);
}
