namespace Tutti.Decisions.Transitions;

/// <summary>The order in which events are listed: wave by wave, Starts providers first, Retires consumers first, then by name.</summary>
internal static class EventOrder
{
    /// <summary>Lists the events, and makes their positions those of the list. Marks what rolls.</summary>
    public static List<PlannedEvent> Of(IReadOnlyList<PlannedEvent> events, List<ServiceChange> services)
    {
        var depths = Depths(services);
        var order = events
            .OrderBy(one => one.Level)
            .ThenBy(one => one.Kind)
            .ThenBy(one => one.Kind == TransitionEventKind.Start ? depths[one.Service] : -depths[one.Service])
            .ThenBy(one => one.Service.Name, StringComparer.Ordinal)
            .ThenBy(one => one.Side.Version)
            .ToList();
        for (var i = 0; i < order.Count; i++)
        {
            order[i].Index = i;
            order[i].Rolls = Rolls(order[i]);
        }

        return order;
    }

    private static bool Rolls(PlannedEvent one) =>
        one.Kind == TransitionEventKind.Retire
        && one.Service.Start is { } start
        && (one.Service.IsPetExchange(one.Side) ? one.Service.IsExchangedOneByOne : one.After is [var only] && only.Awaited == start);

    /// <summary>Longest chain of providers below each service. In a ring of dependencies all have the depth at which it begins.</summary>
    private static Dictionary<ServiceChange, int> Depths(List<ServiceChange> services)
    {
        var depths = services.ToDictionary(service => service, _ => 0);
        var missing = services.ToDictionary(service => service, _ => 0);
        foreach (var consumer in services.SelectMany(service => service.Consumers))
        {
            missing[consumer.Service]++;
        }

        var ready = new Queue<ServiceChange>(services.Where(service => missing[service] == 0));
        while (ready.TryDequeue(out var provider))
        {
            foreach (var consumer in provider.Consumers)
            {
                depths[consumer.Service] = Math.Max(depths[consumer.Service], depths[provider] + 1);
                if (--missing[consumer.Service] == 0)
                {
                    ready.Enqueue(consumer.Service);
                }
            }
        }

        return depths;
    }
}
