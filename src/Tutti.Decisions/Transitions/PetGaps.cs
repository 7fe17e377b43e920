using System.Collections.Immutable;

namespace Tutti.Decisions.Transitions;

/// <summary>The times in which a pet is down, and those in which a consumer lacks its provider because a wait had to be dropped.</summary>
internal static class PetGaps
{
    /// <param name="services">All services, by name.</param>
    /// <param name="dropped">The waits that could not be kept.</param>
    /// <param name="events">How many events there are.</param>
    public static ImmutableArray<Gap> Of(IEnumerable<ServiceChange> services, ImmutableArray<PlannedWait> dropped, int events) =>
    [
        .. services.SelectMany(service => service.Retires.Select(retire =>
            service.Start is { } start && service.IsPetExchange(retire.Side) ? Down(service, start, retire, events) : Lacking(service, retire, dropped))).OfType<Gap>(),
    ];

    private static Gap? Down(ServiceChange pet, PlannedEvent start, PlannedEvent retire, int events)
    {
        var over = WaitGraph.AllBefore(retire, events);
        var later = WaitGraph.AllAfter(start, events);
        var hurt = pet.Consumers
            .Where(consumer => !consumer.Need.Optional)
            .Where(consumer => !(consumer.Retire is { } gone && over[gone.Number]))
            .Where(consumer => consumer.IsLive || !(consumer.Service.Start is { } coming && later[coming.Number]))
            .Where(consumer => !pet.IsExchangedOneByOne || IsHurtOneByOne(pet, consumer, retire))
            .ToList();
        if (pet.IsExchangedOneByOne && hurt.Count == 0)
        {
            return null;
        }

        var because = pet.IsExchangedOneByOne
            ? $"{pet.Name} is a pet: {retire.Side.Version} makes place for {start.Side.Version} one by one, and not every consumer accepts each that is left"
            : $"{pet.Name} is a pet{(pet.HasSeveral ? ", and what its new release needs comes only when the old one is gone" : " with one instance")}: {retire.Side.Version} has to stop before {start.Side.Version} starts";
        var bound = hurt.Where(consumer => !consumer.Need.Range.Accepts(start.Side.Version))
            .Select(consumer => $"; {consumer.Name} accepts {pet.Name} {consumer.Need.Range}, not {start.Side.Version}, and what replaces it cannot start before");
        return new Gap(pet.Name, retire.Side.Version, start.Side.Version, Names(hurt), because + string.Concat(bound));
    }

    private static bool IsHurtOneByOne(ServiceChange pet, Consumer consumer, PlannedEvent retire)
    {
        var range = consumer.Need.Range;
        return range.Accepts(retire.Side.Version) && !(range.Accepts(pet.Target!.Version) && pet.Live.TrueForAll(side => range.Accepts(side.Version)));
    }

    /// <summary>Releases that need each other the wrong way round as well, which only an interrupted transition leaves behind.</summary>
    private static Gap? Lacking(ServiceChange service, PlannedEvent retire, ImmutableArray<PlannedWait> dropped)
    {
        var lost = dropped.Where(wait => wait.Waiter == retire && wait.Strength == WaitStrength.CattleAfterConsumer).Select(wait => wait.Awaited).ToHashSet();
        return lost.Count == 0 || service.Target is not { } target
            ? null
            : new Gap(
                service.Name,
                retire.Side.Version,
                target.Version,
                Names(service.Consumers.Where(consumer => consumer.Retire is { } gone && lost.Contains(gone))),
                $"{retire.Name} and these need each other, and none of them accepts what replaces the other");
    }

    private static ImmutableArray<string> Names(IEnumerable<Consumer> consumers) =>
        [.. consumers.OrderBy(consumer => consumer.Side.Service, StringComparer.Ordinal).ThenBy(consumer => consumer.Side.Version).Select(consumer => consumer.Name)];
}
