using System.Collections.Immutable;
using System.Globalization;
using Tutti.Control.Commands;
using Tutti.Control.Loop;
using Tutti.Control.State;
using Tutti.Model.Agents;
using Tutti.Model.Lifecycle;
using Tutti.Model.Quantities;

namespace Tutti.Control.Tests;

/// <summary>The core of the loop on a virtual clock, with agents that carry out what is assigned at once.</summary>
internal sealed class Bed
{
    private static readonly DateTimeOffset _start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly SortedDictionary<string, FakeAgent> _agents = new(StringComparer.Ordinal);

    public Bed(ControlOptions? options = null, int seed = 1, params ReadOnlySpan<string> nodes)
    {
        Core = new LoopCore(options ?? new ControlOptions(), seed, "cluster-1");
        Core.Load([]);
        foreach (var node in nodes.IsEmpty ? ["n1"] : nodes)
        {
            Join(node);
        }
    }

    public LoopCore Core { get; private set; }

    public ClusterState State => Core.State;

    public DateTimeOffset Now { get; private set; } = _start;

    /// <summary>What becomes of an instance that is started.</summary>
    public Func<Instance, Fate> Fate { get; set; } = _ => Tests.Fate.Healthy;

    /// <summary>Told of what every turn changed, in order.</summary>
    public event Action<ImmutableArray<Change>>? Turned;

    public TimeSpan Elapsed => Now - _start;

    public FakeAgent Agent(string node) => _agents[node];

    public Service Service(string name) => State.Service(new ServiceKey("shop", name))!;

    public IReadOnlyList<Instance> Instances(string service) =>
        [.. State.InstancesOf(new ServiceKey("shop", service)).Values.OrderBy(instance => instance.Created).ThenBy(instance => instance.Id, StringComparer.Ordinal)];

    public Operation LastOperation(string service) => State.Operations.Values.Last(operation => operation.Service == service);

    public IEnumerable<Event> Alerts => State.Events.Values.Where(line => line.Kind == EventKind.Alert);

    public FakeAgent Join(string node, int cpuMillis = 64_000)
    {
        var agent = _agents[node] = new FakeAgent(this, node, new NodeCapacity(new Cpu(cpuMillis), ByteSize.FromMebibytes(65_536)));
        agent.Register();
        return agent;
    }

    /// <summary>Hands a command in and lets everything that follows at the same moment happen.</summary>
    public CommandResult Do(Command command)
    {
        var result = Core.Handle(command, Now);
        Settle();
        return result;
    }

    /// <summary>Hands a command in, and no more.</summary>
    public CommandResult Handle(Command command) => Core.Handle(command, Now);

    /// <summary>One turn of the loop.</summary>
    public ImmutableArray<Change> Turn()
    {
        Core.Reconcile(Now);
        var changes = Core.Take();
        Turned?.Invoke(changes);
        return changes;
    }

    /// <summary>Turns and agents' answers until nothing more happens at this moment.</summary>
    public void Settle()
    {
        for (var round = 0; round < 500; round++)
        {
            var changed = Turn().Length > 0 || Core.HasWork;
            foreach (var agent in _agents.Values)
            {
                changed |= agent.React();
            }

            if (!changed)
            {
                return;
            }
        }

        throw new InvalidOperationException($"never settles at {Elapsed}: {string.Join("; ", State.Events.Values.TakeLast(10).Select(line => line.Cause))}");
    }

    /// <summary>Lets time pass, a quarter of a second at a time.</summary>
    public void Pass(double seconds)
    {
        for (var until = Now + TimeSpan.FromSeconds(seconds); Now < until;)
        {
            Now += TimeSpan.FromMilliseconds(250);
            foreach (var agent in _agents.Values)
            {
                agent.Beat();
            }

            Settle();
        }
    }

    /// <summary>Lets time pass until something holds.</summary>
    public void PassUntil(Func<bool> condition, double atMostSeconds = 600)
    {
        var until = Now + TimeSpan.FromSeconds(atMostSeconds);
        while (!condition())
        {
            Assert.True(Now < until, $"not so within {atMostSeconds.ToString(CultureInfo.InvariantCulture)} s: {string.Join("; ", State.Services.All.Select(service => $"{service.Name} {service.Status}: {service.Cause}"))}");
            Pass(0.25);
        }
    }

    /// <summary>The server dies and comes back with what was durable.</summary>
    public void Restart()
    {
        var documents = State.Architectures.All.Cast<object>()
            .Concat(State.Architectures.All.SelectMany(architecture => State.SetsOf(architecture.Name)))
            .Concat(State.Releases.All).Concat(State.Services.All).Concat(State.Instances.All).Concat(State.Nodes.All)
            .Concat(State.Architectures.All.SelectMany(architecture => State.TransitionsOf(architecture.Name)))
            .Concat(State.Homes.All).Concat(State.Events.Values).Concat(State.Operations.Values)
            .Select(document => (DocumentKinds.KeyOf(document), document))
            .ToList();
        Core = new LoopCore(new ControlOptions(), 2, "cluster-1");
        Core.Load(documents);
        Settle();
    }
}

/// <summary>What becomes of an instance that is started.</summary>
internal sealed record Fate(InstancePhase Phase, string? Reason = null, int? ExitCode = null, params ImmutableArray<string> Log)
{
    public static readonly Fate Healthy = new(InstancePhase.Run);

    public static Fate Sick(string reason) => new(InstancePhase.Ready, reason);

    public static Fate Crash(int code, params ReadOnlySpan<string> log) => new(InstancePhase.Failed, $"exited with code {code}", code, [.. log]);
}
