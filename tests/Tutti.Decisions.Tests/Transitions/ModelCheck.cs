using Tutti.Decisions.Transitions;

namespace Tutti.Decisions.Tests.Transitions;

/// <summary>Carries a plan out in every order in which its instances may start, pass, and stop, and looks at every state on the way.</summary>
/// <remarks>
/// An instance may be started at any time once what its Start waits for is done. A side that is held goes in any order once what its Retire waits for
/// is done; one that rolls may lose instances as soon as one of the new ones is healthy, which allows more than any real rolling update does.
/// Pets that are exchanged one by one stop one only while all are healthy.
/// </remarks>
internal sealed class ModelCheck
{
    private readonly ModelWorld _world;
    private readonly ModelState _from;
    private readonly int[] _target;
    private readonly ModelEvent[] _events;
    private readonly bool[] _excused;

    private ModelCheck(ModelWorld world, TransitionPlan plan, ModelState from, int[] set)
    {
        (_world, _from, _target) = (world, from, set);
        _events = [.. plan.Events.Select(one => ModelEvent.Of(world, plan, one))];
        _excused = new bool[world.Sides.Length * world.Services.Length];
        foreach (var (gap, side) in plan.Gaps.SelectMany(gap => Enumerable.Range(0, world.Sides.Length).Select(side => (gap, side))))
        {
            var provider = world.ServiceOf[world.SideOf(gap.Service, gap.From)];
            _excused[side * world.Services.Length + provider] |= gap.Consumers.Contains($"{world.Sides[side].Service} {world.Sides[side].Version}");
        }

        // Whoever lacks a provider as it is cannot be helped by a plan.
        for (var side = 0; side < world.Sides.Length; side++)
        {
            foreach (var need in from.Running(side) > 0 ? world.NeedsOf(side) : [])
            {
                _excused[side * world.Services.Length + need.Service] |= !HasProvider(from, need);
            }
        }
    }

    /// <summary>The first state in which something is wrong, in words; null where nothing ever is.</summary>
    public static string? Violation(ModelWorld world, TransitionPlan plan, ModelState from, int[] set, HashSet<ModelState> visited)
    {
        var check = new ModelCheck(world, plan, from, set);
        var open = new Stack<ModelState>([from]);
        visited.Add(from);
        var next = new List<ModelState>();
        while (open.TryPop(out var state))
        {
            next.Clear();
            check.Moves(state, next);
            if (check.Wrong(state, next.Count == 0) is { } wrong)
            {
                return $"{wrong}\nin {state.Text(world)}\nfrom {from.Text(world)}\nto {string.Join(' ', set)}\n{Given.Text(plan)}\n{string.Join('\n', world.Sides.Select(side => $"{side.Service} {side.Version} needs {string.Join(", ", side.Needs)}"))}";
            }

            foreach (var each in next.Where(visited.Add))
            {
                open.Push(each);
            }
        }

        return null;
    }

    private void Moves(ModelState state, List<ModelState> next)
    {
        for (var side = 0; side < _world.Sides.Length; side++)
        {
            if (state.Starting(side) > 0)
            {
                next.Add(state.Pass(side, _world.Sides[side].Instances));
            }
        }

        foreach (var one in _events)
        {
            if (one.IsStart)
            {
                if (MayStart(state, one))
                {
                    next.Add(state.StartOne(one.Side));
                }
            }
            else if (state.Running(one.Side) > 0 && MayStop(state, one))
            {
                if (state.Healthy(one.Side) > 0)
                {
                    next.Add(state.StopHealthy(one.Side));
                }

                if (state.Starting(one.Side) > 0)
                {
                    next.Add(state.StopStarting(one.Side));
                }
            }
        }
    }

    private static bool IsDone(ModelState state, ModelEvent one) => one.IsStart ? state.Healthy(one.Side) >= one.Full : state.Running(one.Side) == 0;

    private bool MayStart(ModelState state, ModelEvent one)
    {
        if (state.Running(one.Side) >= one.Full)
        {
            return false;
        }

        foreach (var (index, isOwn) in one.After)
        {
            // Pets that are exchanged one by one: a place that is free is filled.
            if (isOwn && _events[index].Rolls ? Count(state, one.Service).Running >= one.Full : !IsDone(state, _events[index]))
            {
                return false;
            }
        }

        return true;
    }

    private bool MayStop(ModelState state, ModelEvent one)
    {
        foreach (var (index, isOwn) in one.After)
        {
            if (isOwn && one.Rolls ? state.Healthy(_events[index].Side) == 0 : !IsDone(state, _events[index]))
            {
                return false;
            }
        }

        if (one.Rolls && _world.Services[one.Service].Pet)
        {
            var (running, healthy) = Count(state, one.Service);
            return healthy == running && running >= one.Full;
        }

        return true;
    }

    private (int Running, int Healthy) Count(ModelState state, int service)
    {
        var (running, healthy) = (0, 0);
        for (var v = 0; v < _world.Services[service].Versions.Length; v++)
        {
            running += state.Running(_world.First(service) + v);
            healthy += state.Healthy(_world.First(service) + v);
        }

        return (running, healthy);
    }

    private string? Wrong(ModelState state, bool isEnd)
    {
        for (var side = 0; side < _world.Sides.Length; side++)
        {
            if (state.Running(side) == 0)
            {
                continue;
            }

            foreach (var need in _world.NeedsOf(side))
            {
                if (!HasProvider(state, need) && !_excused[side * _world.Services.Length + need.Service] && !MayLack(side, need))
                {
                    return $"{_world.Sides[side].Service} {_world.Sides[side].Version} has no provider s{need.Service}";
                }
            }
        }

        for (var service = 0; service < _world.Services.Length; service++)
        {
            var first = _world.First(service);
            if (_world.Services[service].Pet && Count(state, service).Running > _world.Services[service].Instances)
            {
                return $"the pet s{service} runs twice";
            }

            for (var v = 0; isEnd && v < _world.Services[service].Versions.Length; v++)
            {
                if (state.Healthy(first + v) != (_target[service] == v + 1 ? Full(first + v) : 0))
                {
                    return "it ends before its target is reached";
                }
            }
        }

        return null;
    }

    // A side that has no Start has as many as it had: making up what it lacks is no transition.
    private int Full(int side) => Array.Exists(_events, one => one.IsStart && one.Side == side) ? _world.Sides[side].Instances : _from.Running(side);

    // A release of the target does without what the target leaves out; and where a pet has its way, what is optional gives way.
    private bool MayLack(int side, ModelNeed need) =>
        need.Optional && ((_target[need.Service] == 0 && _target[_world.ServiceOf[side]] == side - _world.First(_world.ServiceOf[side]) + 1) || _world.Services.Any(service => service.Pet));

    private bool HasProvider(ModelState state, ModelNeed need)
    {
        var first = _world.First(need.Service);
        for (var v = 0; v < _world.Services[need.Service].Versions.Length; v++)
        {
            if ((need.Accepted >> v & 1) == 1 && state.Healthy(first + v) > 0)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>An event in the numbers of the model.</summary>
/// <param name="IsStart">Start, or Retire.</param>
/// <param name="Side">The side.</param>
/// <param name="Service">Its service.</param>
/// <param name="Full">Its full number.</param>
/// <param name="Rolls">As in the plan.</param>
/// <param name="After">The events it waits for, and whether they are its own service's.</param>
internal sealed record ModelEvent(bool IsStart, int Side, int Service, int Full, bool Rolls, (int Index, bool IsOwn)[] After)
{
    public static ModelEvent Of(ModelWorld world, TransitionPlan plan, TransitionEvent one)
    {
        var side = world.SideOf(one.Service, one.Version);
        return new ModelEvent(
            one.Kind == TransitionEventKind.Start,
            side,
            world.ServiceOf[side],
            world.Sides[side].Instances,
            one.Rolls,
            [.. one.After.Select(wait => (wait.Event, plan.Events[wait.Event].Service == one.Service))]);
    }
}
