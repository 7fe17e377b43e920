using System.Runtime.CompilerServices;
using Tutti.Control.Placement;
using Tutti.Control.State;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;

namespace Tutti.Control.Loop;

/// <summary>What commands and reconcilers work with in one turn: the state, the clock, chance, and what to look at next.</summary>
internal sealed class Workspace
{
    private readonly Draft _draft;
    private readonly ConditionalWeakTable<ServiceSpec, string> _templates = [];
    private long _lastEvent;
    private int _lastOperation;

    public Workspace(ControlOptions options, int seed)
    {
        Options = options;
        Random = new Random(seed);
        _draft = new Draft(new ClusterState());
        Rooms = new NodeRooms(_draft.State);
        Agenda = new Agenda(_draft.State);
        _draft.Changed += Rooms.Observe;
        _draft.Changed += Agenda.Observe;
    }

    public ControlOptions Options { get; }

    /// <summary>Seeded: the same seed, commands and clock give the same run.</summary>
    public Random Random { get; }

    /// <summary>The clock, read once a turn.</summary>
    public DateTimeOffset Now { get; set; }

    /// <summary>Instances that may still be decided in this turn.</summary>
    public int Budget { get; set; }

    /// <summary>Instances that may still be given a node in this turn.</summary>
    public int PlacementBudget { get; set; }

    public ClusterState State => _draft.State;

    public NodeRooms Rooms { get; }

    public Agenda Agenda { get; }

    public Draft Draft => _draft;

    /// <summary>Takes note of a loaded document; all of them are in the state by now.</summary>
    public void Adopt(object document)
    {
        Rooms.Observe(null, document);
        Agenda.Observe(null, document);
        _lastEvent = Math.Max(_lastEvent, (document as Event)?.Sequence ?? 0);
        _lastOperation = Math.Max(_lastOperation, document is Operation operation ? DocumentKinds.OperationNumber(operation.Id) : 0);
    }

    public void Put(object document) => _draft.Put(document);

    public void Remove(object document) => _draft.Remove(document);

    /// <summary>Writes a line of the journal and drops the oldest over the bound.</summary>
    public void Journal(
        EventKind kind,
        string cause,
        string? architecture = null,
        string? service = null,
        string? instance = null,
        string? node = null,
        string? from = null,
        string? to = null)
    {
        _draft.Put(new Event
        {
            Sequence = ++_lastEvent,
            Time = Now,
            Kind = kind,
            Cause = cause,
            Architecture = architecture,
            Service = service,
            Instance = instance,
            Node = node,
            From = from,
            To = to,
        });
        if (State.Events.TryGetValue(_lastEvent - Options.EventsKept, out var oldest))
        {
            _draft.Remove(oldest);
        }
    }

    /// <summary>The next operation's id; drops the oldest ended one over the bound.</summary>
    public string NextOperationId()
    {
        _lastOperation++;
        if (State.Operations.Count > Options.OperationsKept && State.Operations.Values.FirstOrDefault(operation => operation.Ended is not null) is { } oldest)
        {
            _draft.Remove(oldest);
        }

        return $"op-{_lastOperation}";
    }

    /// <summary>Sets a service's status through the transition table, and journals it. The one place that does.</summary>
    public Service SetStatus(Service service, ServiceStatus status, string cause)
    {
        if (service.Status == status)
        {
            if (service.Cause != cause)
            {
                service = service with { Cause = cause };
                Put(service);
            }

            return service;
        }

        if (!ServiceLifecycle.Allows(service.Status, status))
        {
            throw new InvalidOperationException($"service {service.Key} may not go from {service.Status} to {status} ({cause})");
        }

        Journal(EventKind.Status, cause, service.Architecture, service.Name, from: service.Status.ToString(), to: status.ToString());
        service = service with { Status = status, Since = Now, Cause = cause };
        Put(service);
        return service;
    }

    /// <summary>Sets an instance's phase through the transition table, and journals it. The one place that does. The caller puts the result.</summary>
    public Instance SetPhase(Instance instance, InstancePhase phase, string? reason)
    {
        if (!InstanceLifecycle.Allows(instance.Phase, phase))
        {
            throw new InvalidOperationException($"instance {instance.Key} may not go from {instance.Phase} to {phase} ({reason})");
        }

        Journal(
            EventKind.Phase,
            reason ?? $"reported by {instance.Node}",
            instance.Architecture,
            instance.Service,
            instance.Id,
            instance.Node,
            instance.Phase.ToString(),
            phase.ToString());
        return instance with
        {
            Phase = phase,
            Since = Now,
            Reason = reason,
            RunSince = phase switch { InstancePhase.Run => Now, InstancePhase.Provision => null, _ => instance.RunSince },
        };
    }

    /// <summary>What instances of this entry are started with, after so many restarts.</summary>
    public string Template(ServiceSpec spec, int restart) => $"{_templates.GetValue(spec, ContentHash.OfTemplate)}.{restart}";

    /// <summary>The entry that an instance runs.</summary>
    public ServiceSpec? SpecOf(Instance instance) =>
        State.Set(instance.Architecture, instance.Set)?.Spec.Services.GetValueOrDefault(instance.Service);
}
