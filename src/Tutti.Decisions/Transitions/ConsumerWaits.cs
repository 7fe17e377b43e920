namespace Tutti.Decisions.Transitions;

/// <summary>The waits between the events of a service and those of its consumers.</summary>
internal static class ConsumerWaits
{
    public static void Add(ServiceChange provider, WaitGraph waits)
    {
        foreach (var consumer in provider.Consumers)
        {
            if (consumer.Retire is { } retire)
            {
                AddRetires(provider, consumer, retire, waits);
            }
            else if (provider.Start is { } start && consumer.Service.Start is { } waiter)
            {
                AddStart(provider, consumer, start, waiter, waits);
            }
        }
    }

    // A side that is accepted and whole is enough: it goes only when the target, which is accepted too, has taken its place.
    // Where another side is not accepted, waiting is still better, for the accepted one may be small by now.
    private static void AddStart(ServiceChange provider, Consumer consumer, PlannedEvent start, PlannedEvent waiter, WaitGraph waits)
    {
        var range = consumer.Need.Range;
        var served = provider.Live.Exists(side => ServiceChange.Serves(side) && range.Accepts(side.Version));
        var refused = provider.Live.Where(side => !range.Accepts(side.Version)).Select(side => side.Version.ToString()).ToList();
        if (served && refused.Count == 0)
        {
            return;
        }

        var strength = consumer.Need.Optional ? WaitStrength.Optional : served ? WaitStrength.Sparing : WaitStrength.Must;
        var because = refused.Count > 0 ? Accepts(consumer, string.Join(" or ", refused))
            : provider.Live.Count == 0 ? $"{consumer.Name} needs {provider.Name}, which is new"
            : $"{consumer.Name} needs {provider.Name}, which is not whole";
        waits.Wait(waiter, start, strength, because);
    }

    private static void AddRetires(ServiceChange provider, Consumer consumer, PlannedEvent awaited, WaitGraph waits)
    {
        var range = consumer.Need.Range;
        if (provider.Target is { } target && range.Accepts(target.Version))
        {
            return;
        }

        foreach (var retire in provider.Retires.Where(retire => range.Accepts(retire.Side.Version)))
        {
            var strength = consumer.Need.Optional ? WaitStrength.Optional
                : provider.Target is null ? WaitStrength.GoesAfterConsumer
                : provider.IsPetExchange(retire.Side) ? WaitStrength.PetAfterConsumer
                : WaitStrength.CattleAfterConsumer;
            var because = provider.Target is { } next ? Accepts(consumer, next.Version.ToString()) : $"{consumer.Name} needs {provider.Name}";
            waits.Wait(retire, awaited, strength, because);
        }
    }

    private static string Accepts(Consumer consumer, string refused) =>
        $"{consumer.Name} accepts {consumer.Need.Service} {consumer.Need.Range}, not {refused}";
}
