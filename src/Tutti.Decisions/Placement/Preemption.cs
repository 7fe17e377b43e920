using System.Collections.Immutable;
using Tutti.Model.Lifecycle;

namespace Tutti.Decisions.Placement;

/// <summary>Makes room for requests that fit nowhere, at the cost of less critical instances: on the node where it hurts least.</summary>
internal sealed class Preemption(NodeTable table, Func<string, IReadOnlyList<Occupant>> occupantsOf)
{
    private readonly IReadOnlyList<Occupant>?[] _occupants = new IReadOnlyList<Occupant>?[table.Count];
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

        var given = 0;
        while (given < count && offers.TryDequeue(out var offer, out _))
        {
            foreach (var victim in offer.Victims.Victims)
            {
                _going.Add(victim.Key);
                _planned.Add(new Planned(offer.Node, victim, index));
                table.Release(offer.Node, victim);
            }

            keptOn.Add(offer.Node);
            do
            {
                table.Keep(offer.Node, request);
                given++;
            }
            while (given < count && FitsLater(offer.Node, request));

            if (given < count)
            {
                Offer(offers, offer.Node, request, filter);
            }
        }

        return given;
    }

    /// <summary>All evictions, without those that later ones on the same node have made needless.</summary>
    public ImmutableArray<Eviction> Evictions()
    {
        var spared = new HashSet<string>(StringComparer.Ordinal);
        var dearestFirst = _planned
            .OrderBy(planned => planned.Victim.Criticality)
            .ThenByDescending(planned => planned.Victim.Reserved.Memory)
            .ThenByDescending(planned => planned.Victim.Reserved.Cpu)
            .ThenBy(planned => planned.Victim.Key, StringComparer.Ordinal);
        foreach (var planned in dearestFirst)
        {
            if (table.TrySpare(planned.Node, planned.Victim))
            {
                spared.Add(planned.Victim.Key);
            }
        }

        return [.. _planned.Where(planned => !spared.Contains(planned.Victim.Key))
            .Select(planned => new Eviction(planned.Victim.Key, planned.Request, table.Nodes[planned.Node].Name))];
    }

    private bool FitsLater(int node, PlacementRequest request)
    {
        ref readonly var row = ref table.Rows[node];
        return NodeFit.Check(row.LaterCpu, row.LaterMemory, request.Needs) == FitResult.Fits && table.PortsFreeLater(node, request);
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
        var occupants = _occupants[node] ??= occupantsOf(table.Nodes[node].Name);
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

    private readonly record struct Planned(int Node, Occupant Victim, int Request);
}
