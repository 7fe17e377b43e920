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
        var served = false;
        var refused = "";
        foreach (var side in provider.Live)
        {
            if (!range.Accepts(side.Version))
            {
                refused += (refused.Length > 0 ? " or " : "") + side.Version;
            }
            else if (ServiceChange.Serves(side))
            {
                served = true;
            }
        }

        if (served && refused.Length == 0)
        {
            return;
        }

        var strength = consumer.Need.Optional ? WaitStrength.Optional : served ? WaitStrength.Sparing : WaitStrength.Must;
        var because = refused.Length > 0 ? Accepts(consumer, refused)
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

        foreach (var retire in provider.Retires)
        {
            if (!range.Accepts(retire.Side.Version))
            {
                continue;
            }

            var strength = consumer.Need.Optional ? WaitStrength.Optional
                : provider.Target is null ? WaitStrength.GoesAfterConsumer
                : provider.IsPetExchange(retire.Side) ? WaitStrength.PetAfterConsumer
                : WaitStrength.CattleAfterConsumer;
            var because = provider.Target is { } next ? Accepts(consumer, next.Version.ToString()) : $"{awaited.Name} needs {provider.Name}";
            waits.Wait(retire, awaited, strength, because);
        }
    }

    private static string Accepts(Consumer consumer, string refused) =>
        $"{consumer.Name} accepts {consumer.Need.Service} {consumer.Need.Range}, not {refused}";
}
