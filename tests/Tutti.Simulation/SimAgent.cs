using System.Collections.Immutable;
using Tutti.Control.Commands;
using Tutti.Control.State;
using Tutti.Model.Agents;
using Tutti.Model.Lifecycle;
using Tutti.Model.Quantities;

namespace Tutti.Simulation;

/// <summary>An agent and the processes on its node. The processes outlive the agent; the network between it and the server loses, delays and repeats.</summary>
internal sealed class SimAgent
{
    private readonly World _world;
    private readonly SimServer _server;
    private readonly Func<Instance, SimProcess> _launch;
    private readonly SortedDictionary<string, SimProcess> _processes = new(StringComparer.Ordinal);
    private string _session = "";
    private int _sessions;
    private long _sequence;
    private bool _registered;
    private DateTimeOffset _leaseUntil;
    private bool _reportScheduled;

    public SimAgent(World world, SimServer server, string name, ImmutableSortedDictionary<string, string> labels, Func<Instance, SimProcess> launch)
    {
        _world = world;
        _server = server;
        _launch = launch;
        Name = name;
        Labels = labels;
        _server.OnCommitted += batch =>
        {
            if (batch.Changes.Any(change => Concerns(change.Before) || Concerns(change.After)))
            {
                _world.After(_world.Random.Next(1, 20), Watch);
            }
        };
    }

    public string Name { get; }

    public ImmutableSortedDictionary<string, string> Labels { get; }

    public static NodeCapacity Capacity { get; } = new(new Cpu(2000), ByteSize.FromMebibytes(2048));

    /// <summary>True: no message passes in either direction.</summary>
    public bool Partitioned { get; set; }

    /// <summary>False: the agent is dead, what it started runs on.</summary>
    public bool Alive { get; private set; }

    /// <summary>Everything it has, running or not.</summary>
    public IEnumerable<SimProcess> Processes => _processes.Values;

    public void Start()
    {
        Alive = true;
        _session = $"{Name}-{++_sessions}";
        _registered = false;
        _leaseUntil = DateTimeOffset.MaxValue;
        Register();
        Beat(_session);
    }

    public void Crash() => Alive = false;

    private bool Concerns(object? document) => document is Instance instance && instance.Node == Name;

    private void Send(Command command, Action<CommandResult> reply)
    {
        if (Partitioned || _world.Unlucky(0.02))
        {
            return;
        }

        var times = _world.Unlucky(0.05) ? 2 : 1;
        for (var i = 0; i < times; i++)
        {
            _world.After(_world.Random.Next(1, 50), () => _server.Submit(command, result =>
            {
                if (!Partitioned && !_world.Unlucky(0.02))
                {
                    _world.After(_world.Random.Next(1, 50), () => reply(result));
                }
            }));
        }
    }

    private void Register()
    {
        var session = _session;
        Send(
            new RegisterNode(new NodeRegistration { Name = Name, Session = session, Address = "127.0.0.1", Labels = Labels, Capacity = Capacity }),
            _ =>
            {
                if (Alive && session == _session && !_registered)
                {
                    _registered = true;
                    Watch();
                    ReportSoon();
                }
            });
    }

    private void Beat(string session)
    {
        if (!Alive || session != _session)
        {
            return;
        }

        if (!_registered)
        {
            Register();
        }
        else
        {
            Report();
            Watch();
        }

        if (_world.Now >= _leaseUntil)
        {
            foreach (var pet in _processes.Values.Where(process => process.IsPet && process.Running))
            {
                Kill(pet, "the lease ran out");
            }
        }

        _world.After(1000, () => Beat(session));
    }

    /// <summary>The watch is a stream that reconnects: what arrives is always some recent whole.</summary>
    private void Watch()
    {
        if (!Alive || Partitioned || !_registered || !_server.Up)
        {
            return;
        }

        var assigned = _server.Committed.InstancesOn(Name).Values.OrderBy(instance => instance.Key, StringComparer.Ordinal).ToList();
        foreach (var gone in _processes.Keys.Except(assigned.Select(instance => instance.Key)).ToList())
        {
            _processes[gone].Running = false;
            _processes.Remove(gone);
        }

        foreach (var instance in assigned)
        {
            Follow(instance);
        }
    }

    private void Follow(Instance instance)
    {
        var known = _processes.GetValueOrDefault(instance.Key);
        if (known is not null && known.Attempt > instance.Attempt)
        {
            return;
        }

        if (instance.Goal == AssignmentGoal.Stop)
        {
            if (known is null || (known.Attempt < instance.Attempt && known.Stopped))
            {
                // Never started here: nothing of this attempt runs.
                _processes[instance.Key] = new SimProcess(instance) { Phase = InstancePhase.Destroy, Stopped = true };
                ReportSoon();
            }
            else if (!known.Stopped)
            {
                _world.After(_world.Random.Next(1, 300), () => Kill(known, "stopped"));
            }

            return;
        }

        if (known is not null && known.Attempt == instance.Attempt)
        {
            return;
        }

        if (known is { Running: true })
        {
            // A higher attempt: the lower one goes first.
            Kill(known, "superseded");
        }

        var process = _launch(instance);
        _processes[instance.Key] = process;
        process.Running = true;
        _world.After(_world.Random.Next(5, 50), () => Advance(process, InstancePhase.Ready));
        if (process.HealthyAfter is { } healthy)
        {
            _world.After(healthy, () => Advance(process, InstancePhase.Run));
        }

        if (process.CrashesAfter is { } crash)
        {
            _world.After(crash, () => Die(process, "exited with code 3"));
        }
    }

    /// <summary>A process ends by itself, whether its agent lives or not.</summary>
    public void Die(SimProcess process, string reason)
    {
        if (process.Running)
        {
            process.Running = false;
            process.Reason = reason;
            process.Phase = InstancePhase.Failed;
            process.Stopped = true;
            ReportSoon();
        }
    }

    private void Kill(SimProcess process, string reason)
    {
        if (!process.Stopped)
        {
            process.Running = false;
            process.Reason ??= reason;
            process.Phase = reason == "stopped" ? InstancePhase.Destroy : InstancePhase.Failed;
            process.Stopped = true;
            ReportSoon();
        }
    }

    private void Advance(SimProcess process, InstancePhase phase)
    {
        if (process.Running && InstanceLifecycle.Allows(process.Phase, phase))
        {
            process.Phase = phase;
            ReportSoon();
        }
    }

    private void ReportSoon()
    {
        if (!_reportScheduled)
        {
            _reportScheduled = true;
            _world.After(2, () =>
            {
                _reportScheduled = false;
                Report();
            });
        }
    }

    private void Report()
    {
        if (!Alive || !_registered)
        {
            return;
        }

        var session = _session;
        var sent = _world.Now;
        var report = new NodeReport
        {
            Session = session,
            Sequence = ++_sequence,
            Complete = true,
            Instances = [.. _processes.Values.Select(process => process.Report())],
        };
        Send(new ReportNode(Name, report), result =>
        {
            if (session != _session || !Alive)
            {
                return;
            }

            if (!result.KnownSession)
            {
                _registered = false;
                return;
            }

            _leaseUntil = sent + TimeSpan.FromSeconds(10);
        });
    }
}

/// <summary>One process.</summary>
internal sealed class SimProcess(Instance instance)
{
    public string Key { get; } = instance.Key;

    public Instance Instance { get; } = instance;

    public int Attempt { get; } = instance.Attempt;

    public bool IsPet { get; } = instance.Ordinal >= 0;

    public bool Running { get; set; }

    public bool Stopped { get; set; }

    public string? Reason { get; set; }

    public InstancePhase Phase { get; set; } = InstancePhase.Provision;

    public TimeSpan? HealthyAfter { get; init; } = TimeSpan.FromMilliseconds(100);

    public TimeSpan? CrashesAfter { get; init; }

    public InstanceReport Report() => new()
    {
        Instance = Instance.Id,
        Architecture = Instance.Architecture,
        Attempt = Attempt,
        Phase = Phase,
        Stopped = Stopped,
        Pid = Running ? 1000 : null,
        Reason = Reason,
    };
}
