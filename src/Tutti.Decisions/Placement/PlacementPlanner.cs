namespace Tutti.Decisions.Placement;

/// <summary>Decides which node each instance gets, and which instances give way to more critical ones.</summary>
/// <remarks>Requests are treated by criticality, then in the given order; each in free room first, then in room that is being freed (which is kept
/// for it), then, as the last resort, by preemption. The same input gives the same plan. For N nodes and a request of K instances
/// the cost is O(N + K log N); only where something must be preempted the occupants of the nodes are looked at.</remarks>
public static class PlacementPlanner
{
    /// <summary>Plans all requests at once. A waiting request has to be given again with every plan until it is placed: that keeps its room.</summary>
    /// <param name="snapshot">What is.</param>
    /// <param name="requests">What is asked.</param>
    /// <exception cref="ArgumentException">A request needs a negative amount.</exception>
    public static PlacementPlan Plan(PlacementSnapshot snapshot, IReadOnlyList<PlacementRequest> requests)
    {
        foreach (var request in requests)
        {
            if (request.Needs.Cpu.Millis < 0 || request.Needs.Memory.Bytes < 0)
            {
                throw new ArgumentException($"the request of {request.Service} needs a negative amount: {request.Needs}", nameof(requests));
            }
        }

        if (requests.Count == 0)
        {
            return new PlacementPlan();
        }

        using var planning = new Planning(snapshot, requests);
        return planning.Run();
    }
}
