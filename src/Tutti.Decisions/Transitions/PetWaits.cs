namespace Tutti.Decisions.Transitions;

/// <summary>The waits that keep a pet's absence short and away from consumers that gain or lose it as they change.</summary>
internal static class PetWaits
{
    public static void Add(IEnumerable<ServiceChange> services, WaitGraph waits)
    {
        var exchanges = Exchanges(services).ToList();
        foreach (var (pet, start, retires) in exchanges.Where(exchange => !exchange.Pet.HasSeveral))
        {
            SpareConsumers(pet, start, retires, waits);
        }

        // What the new one has to wait for is there before the old one goes.
        foreach (var (pet, start, retires) in exchanges)
        {
            foreach (var awaited in Others(start, retires).ToList())
            {
                foreach (var retire in retires)
                {
                    waits.Wait(retire, awaited, WaitStrength.Shortening, $"{pet.Name} is gone no longer than it must be");
                }
            }
        }
    }

    /// <summary>Marks the pets that can be exchanged one by one, once the waits are known that stay.</summary>
    public static void Mark(IEnumerable<ServiceChange> services, int events)
    {
        foreach (var (pet, start, retires) in Exchanges(services).Where(exchange => exchange.Pet.HasSeveral))
        {
            var later = retires.ConvertAll(retire => WaitGraph.AllAfter(retire, events));
            pet.IsExchangedOneByOne = !Others(start, retires).Any(awaited => later.Exists(each => each[awaited.Number]));
        }
    }

    private static IEnumerable<(ServiceChange Pet, PlannedEvent Start, List<PlannedEvent> Retires)> Exchanges(IEnumerable<ServiceChange> services) =>
        services
            .Where(service => service.Start is not null)
            .Select(service => (Pet: service, Start: service.Start!, Retires: service.Retires.Where(retire => service.IsPetExchange(retire.Side)).ToList()))
            .Where(exchange => exchange.Retires.Count > 0);

    private static IEnumerable<PlannedEvent> Others(PlannedEvent start, List<PlannedEvent> retires) =>
        start.After.Select(wait => wait.Awaited).Where(awaited => !retires.Contains(awaited));

    private static void SpareConsumers(ServiceChange pet, PlannedEvent start, List<PlannedEvent> retires, WaitGraph waits)
    {
        foreach (var consumer in pet.Consumers)
        {
            if (consumer.Retire is { } leaving)
            {
                if (!NeedsNext(consumer.Service, pet) && consumer.Need.Range.Accepts(pet.Target!.Version))
                {
                    var because = consumer.Service.Target is { } next ? $"{consumer.Name} needs {pet.Name}, {next.Version} does not" : $"{consumer.Name} needs {pet.Name}";
                    foreach (var retire in retires.Where(retire => consumer.Need.Range.Accepts(retire.Side.Version)))
                    {
                        waits.Wait(retire, leaving, WaitStrength.Sparing, because);
                    }
                }
            }
            else if (consumer.Service.Start is { } coming && !coming.After.Exists(wait => wait.Awaited == start))
            {
                waits.Wait(coming, start, WaitStrength.Sparing, $"{consumer.Name} needs {pet.Name}, which is down for a moment");
            }
        }
    }

    private static bool NeedsNext(ServiceChange consumer, ServiceChange pet) =>
        consumer.Target is { } next && next.Needs.Any(need => need.Service == pet.Name);
}
