using System.Collections.Immutable;

namespace Tutti.Decisions.Transitions;

/// <summary>Decides in which order sides start and retire, so that every live consumer has a provider that it accepts all the time.</summary>
/// <remarks>
/// The same question gives the same plan, whatever the order of its sides. A service that goes on as it is has no event. Needs of a release
/// on its own service, and on services that are neither live nor in the target where they are optional, are of no account.
/// <c>docs/transitions.md</c> has the rules.
/// </remarks>
public static class TransitionPlanner
{
    /// <summary>The plan; without events where all is as it should be.</summary>
    /// <exception cref="ArgumentException">There is no plan: the target names a service twice or does not accept itself, a live side is
    /// named twice, or new releases wait for each other in a ring of dependencies. The message names them all, one a line.</exception>
    public static TransitionPlan Plan(TransitionQuestion question)
    {
        var byName = Services(question);
        var services = byName.Values.OrderBy(service => service.Name, StringComparer.Ordinal).ToList();
        var waits = new WaitGraph();
        foreach (var service in services)
        {
            AddEvents(service, waits);
        }

        Join(services, byName);
        foreach (var service in services)
        {
            OwnWaits.Add(service, waits);
            ConsumerWaits.Add(service, waits);
        }

        PetWaits.Add(services, waits);
        var dropped = waits.BreakRings();
        PetWaits.Mark(services, waits.Events.Count);
        var order = EventOrder.Of(waits.Events, services);
        return new TransitionPlan
        {
            Events = [.. order.Select(Event)],
            Waves = Waves(order),
            Gaps = PetGaps.Of(services, dropped, order.Count),
            PeakExtra = PeakInstances.Extra(services, order),
        };
    }

    private static Dictionary<string, ServiceChange> Services(TransitionQuestion question)
    {
        TargetCheck.Check(question);
        var services = new Dictionary<string, ServiceChange>(StringComparer.Ordinal);
        foreach (var side in question.Live.OrderBy(side => side.Version))
        {
            Of(side.Service).Live.Add(side);
        }

        foreach (var side in question.Target)
        {
            Of(side.Service).Target = side;
        }

        return services;

        ServiceChange Of(string name) => services.TryGetValue(name, out var service) ? service : services[name] = new ServiceChange(name);
    }

    private static void AddEvents(ServiceChange service, WaitGraph waits)
    {
        service.Staying = service.Target is { } target ? service.Live.Find(side => side.Version.Equals(target.Version)) : null;
        if (service.MustStart)
        {
            service.Start = waits.Add(TransitionEventKind.Start, service, service.Target!);
        }

        foreach (var side in service.Live.Where(side => side != service.Staying))
        {
            service.Retires.Add(waits.Add(TransitionEventKind.Retire, service, side));
        }
    }

    /// <summary>Tells every service who needs it.</summary>
    private static void Join(List<ServiceChange> services, Dictionary<string, ServiceChange> byName)
    {
        foreach (var service in services)
        {
            if (service.Target is { } target)
            {
                Tell(service, target, null);
            }

            foreach (var retire in service.Retires)
            {
                Tell(service, retire.Side, retire);
            }
        }

        void Tell(ServiceChange service, Side side, PlannedEvent? retire)
        {
            foreach (var need in side.Needs)
            {
                // A side that names a service twice follows the first.
                if (need.Service != service.Name && byName.TryGetValue(need.Service, out var provider) && !(provider.Consumers is [.., var last] && ReferenceEquals(last.Side, side)))
                {
                    provider.Consumers.Add(new Consumer(service, side, need, retire));
                }
            }
        }
    }

    private static TransitionEvent Event(PlannedEvent one) => new()
    {
        Kind = one.Kind,
        Service = one.Service.Name,
        Version = one.Side.Version,
        After = [.. one.After.OrderBy(wait => wait.Awaited.Index).Select(wait => new Wait(wait.Awaited.Index, wait.Because))],
        Because = Because(one),
        Rolls = one.Rolls,
    };

    private static string Because(PlannedEvent one) => (one.Kind, one.Service) switch
    {
        (TransitionEventKind.Start, { Live: [] }) => $"{one.Service.Name} is new",
        (TransitionEventKind.Start, { Live: [_], Staying: not null }) => $"{one.Name} is still being started",
        (TransitionEventKind.Start, _) => $"{one.Service.Name} goes to {one.Side.Version}",
        (_, { Target: { } target }) => $"{one.Name} is replaced by {target.Version}",
        _ => $"{one.Service.Name} is no longer wanted",
    };

    private static ImmutableArray<ImmutableArray<int>> Waves(List<PlannedEvent> order) =>
        [.. order.GroupBy(one => one.Level, one => one.Index).Select(wave => wave.ToImmutableArray())];
}
