using System.Collections.Immutable;
using Tutti.Control.Commands;
using Tutti.Control.Loop;
using Tutti.Control.State;
using Tutti.Control.Versions;
using Tutti.Decisions.Versions.Solving;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;
using Tutti.Model.Versions;

namespace Tutti.Simulation;

/// <summary>One seeded run: random commands and faults for a while, then calm, in which everything must come right.</summary>
internal sealed class Scenario
{
    /// <summary>How long commands and faults go on.</summary>
    public static readonly TimeSpan Storm = TimeSpan.FromMinutes(3);

    /// <summary>Stated bound: once faults and commands have stopped, everything is as asked within this virtual time.</summary>
    public static readonly TimeSpan Calm = TimeSpan.FromMinutes(8);

    private readonly World _world;
    private readonly SimServer _server;
    private readonly List<SimAgent> _agents = [];
    private readonly Invariants _invariants;
    private readonly ISimArchitecture _architecture;
    private int _applied;

    public Scenario(int seed, Func<World, ISimArchitecture> architecture)
    {
        _world = new World(seed);
        _architecture = architecture(_world);
        _server = new SimServer(_world, new ControlOptions { EventsKept = 5000 }, seed);
        var nodes = _world.Random.Next(1, 5);
        for (var i = 0; i < nodes; i++)
        {
            var labels = ImmutableSortedDictionary<string, string>.Empty.Add("zone", i % 2 == 0 ? "a" : "b");
            _agents.Add(new SimAgent(_world, _server, $"node-{i}", labels, Launch));
        }

        _invariants = new Invariants(_server, _agents);
        _server.OnTurn += _invariants.Check;
        _server.OnCommitted += _invariants.CheckBatch;
    }

    /// <summary>Runs it to its end.</summary>
    /// <exception cref="InvariantException">Something that must always hold did not, or it did not come right in time.</exception>
    public string Run()
    {
        _server.Start();
        foreach (var agent in _agents)
        {
            agent.Start();
        }

        Apply(good: true);
        RunFor(TimeSpan.FromSeconds(20));
        _world.Faulty = true;
        ScheduleChaos();
        RunFor(Storm);
        Settle();
        RunFor(Calm);
        _invariants.CheckConverged(_world.Now);
        return _server.StateHash();
    }

    private void RunFor(TimeSpan duration)
    {
        var until = _world.Now + duration;
        while (_world.Step(until))
        {
        }
    }

    /// <summary>Everything is put right that no agent can put right by itself, and one last good manifest is asked for.</summary>
    private void Settle()
    {
        _world.Faulty = false;
        if (!_server.Up)
        {
            _server.Start();
        }

        foreach (var agent in _agents)
        {
            agent.Partitioned = false;
            if (!agent.Alive)
            {
                agent.Start();
            }

            _server.Submit(new DrainNode(agent.Name, false, "sim"), _ => { });
        }

        foreach (var service in _architecture.Names)
        {
            _server.Submit(new PauseService("shop", service, false, "sim"), _ => { });
        }

        RunFor(TimeSpan.FromSeconds(30));
        Apply(good: true);
        RunFor(TimeSpan.FromSeconds(1));
        foreach (var service in _server.Committed.ServicesOf("shop").Where(service => service.Status == ServiceStatus.Failed))
        {
            _server.Submit(new ResumeService("shop", service.Name, "sim"), _ => { });
        }
    }

    private void ScheduleChaos()
    {
        if (!_world.Faulty)
        {
            return;
        }

        _world.After(_world.Random.Next(100, 6000), () =>
        {
            if (_world.Faulty)
            {
                Misfortune();
                ScheduleChaos();
            }
        });
    }

    private void Misfortune()
    {
        var agent = _agents[_world.Random.Next(_agents.Count)];
        var service = _architecture.Names[_world.Random.Next(_architecture.Names.Length)];
        switch (_world.Random.Next(12))
        {
            case 0:
                Apply(good: _world.Random.Next(3) > 0);
                break;
            case 1:
                _server.Submit(new ScaleService("shop", service, _world.Random.Next(0, 6) is var n && _architecture.IsPet(service) ? Math.Min(n, 2) : n, 6, "sim"), _ => { });
                break;
            case 2:
                _server.Submit(new RestartService("shop", service, "sim"), _ => { });
                break;
            case 3:
                GoBack(_world.Random.Next(3) == 0 ? null : service);
                break;
            case 4:
                _server.Crash();
                _world.After(_world.Random.Next(100, 20_000), () =>
                {
                    if (!_server.Up)
                    {
                        _server.Start();
                    }
                });
                break;
            case 5:
                agent.Crash();
                _world.After(_world.Random.Next(100, 30_000), () =>
                {
                    if (!agent.Alive)
                    {
                        agent.Start();
                    }
                });
                break;
            case 6:
                agent.Partitioned = true;
                _world.After(_world.Random.Next(100, 40_000), () => agent.Partitioned = false);
                break;
            case 7:
                _server.Submit(new DrainNode(agent.Name, _world.Random.Next(2) == 0, "sim"), _ => { });
                break;
            case 8:
                _server.Submit(new PauseService("shop", service, _world.Random.Next(2) == 0, "sim"), _ => { });
                break;
            case 9:
                _server.Submit(new DestroyArchitecture("shop", "sim"), _ => { });
                _world.After(_world.Random.Next(100, 10_000), () => Apply(good: true));
                break;
            default:
                if (agent.Processes.Where(process => process.Running).ToList() is { Count: > 0 } running)
                {
                    agent.Die(running[_world.Random.Next(running.Count)], "killed by SIGKILL");
                }

                break;
        }
    }

    /// <summary>The whole architecture to the set before, or one service to the release before with whatever must follow it.</summary>
    private void GoBack(string? service)
    {
        if (service is null)
        {
            _server.Submit(new RollbackArchitecture("shop", null, true, "sim", AllowGap: true), _invariants.Acknowledged);
        }
        else if (RollbackPlanning.Of(_server.Committed, new RollbackWish { Architecture = "shop", Service = service }).Planning is { Question: { } question } planning
            && VersionSolver.Solve(question) is Solution solution)
        {
            var spec = planning.SpecOf(solution);
            _invariants.CheckAccepted(spec);
            _server.Submit(new MoveArchitecture(spec, planning.Current.Number, planning.Origin, "sim", "rollback", AllowGap: true), _invariants.Acknowledged);
        }
    }

    private void Apply(bool good)
    {
        _applied++;
        _server.Submit(new ApplyManifest(_architecture.Next(_applied, good), "sim", $"apply {_applied}", AllowGap: true), _invariants.Acknowledged);
    }

    private SimProcess Launch(Instance instance) => new(instance)
    {
        HealthyAfter = instance.Version.Major == 9 || instance.Version.Patch == 9 ? null : TimeSpan.FromMilliseconds(_world.Unlucky(0.1) ? _world.Random.Next(5000, 60_000) : _world.Random.Next(50, 500)),
        CrashesAfter = _world.Unlucky(0.05) ? TimeSpan.FromMilliseconds(_world.Random.Next(10, 60_000)) : null,
    };
}
