using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Tutti.Model.Agents;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;
using Tutti.Model.Versions;
using Tutti.Node.Agent;
using Tutti.Node.Instances;
using Tutti.Node.Probes;

namespace Tutti.Node.Tests.Instances;

/// <summary>One instance among fakes, on a manual clock.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<InstanceSupervisor> _supervisors = [];

    public Stage()
    {
        Logs = new FakeLogs(_folder.Path);
        Journal = Journal.Open(Path.Combine(Folder, "journal"));
        Parts = new InstanceParts
        {
            Node = "node-1",
            DataFolder = Folder,
            Runtime = Runtime,
            Prober = Prober,
            Beats = new Beats(Time),
            Artifacts = Artifacts,
            Logs = Logs,
            Ports = Ports,
            Upstreams = Upstreams,
            Journal = Journal,
            LeaseHeld = () => LeaseHeld,
            Secret = name => name == "key" ? "value" : null,
            Time = Time,
            Logger = NullLogger.Instance,
        };
    }

    public string Folder => _folder.Path;

    public ManualTime Time { get; } = new();

    public FakeRuntime Runtime { get; } = new();

    public FakeProber Prober { get; } = new();

    public FakeArtifacts Artifacts { get; } = new();

    public FakeLogs Logs { get; }

    public FakePorts Ports { get; } = new();

    public FakeUpstreams Upstreams { get; } = new();

    public Journal Journal { get; }

    public InstanceParts Parts { get; }

    public bool LeaseHeld { get; set; } = true;

    /// <summary>Every report that was worth sending, in order.</summary>
    public ConcurrentQueue<InstanceReport> Seen { get; } = new();

    public ImmutableArray<InstancePhase> Phases => [.. Seen.Select(r => r.Phase).Aggregate(
        new List<InstancePhase>(), (all, phase) => all.Count > 0 && all[^1] == phase ? all : [.. all, phase])];

    public static Assignment Web(int attempt = 1, AssignmentGoal goal = AssignmentGoal.Run) => new()
    {
        Instance = "web-1",
        Architecture = "shop",
        Service = "web",
        Version = ReleaseVersion.Parse("1.2.0"),
        Set = 7,
        Attempt = attempt,
        Goal = goal,
        Run = new RunSpec { Command = ["web", "--serve"] },
        Ports = ImmutableSortedDictionary<string, PortSpec>.Empty.Add("http", new PortSpec()),
        Health = new HealthSpec { Http = "/healthz" },
        Stop = new StopSpec { Grace = TimeSpan.FromSeconds(60), Drain = TimeSpan.FromSeconds(2) },
    };

    public static Assignment Pet(int attempt = 1, AssignmentGoal goal = AssignmentGoal.Run) => Web(attempt, goal) with
    {
        Instance = "db-0",
        Service = "db",
        Kind = ServiceKind.Pet,
        Volumes = ImmutableSortedDictionary<string, VolumeSpec>.Empty.Add("data", new VolumeSpec()),
    };

    public InstanceSupervisor Create(Assignment assignment)
    {
        InstanceSupervisor? supervisor = null;
        supervisor = InstanceSupervisor.Create(Parts, assignment, () =>
        {
            // Its loop may be faster than the assignment to the variable.
            SpinWait.SpinUntil(() => supervisor is not null);
            Note(supervisor);
        });
        _supervisors.Add(supervisor);
        return supervisor;
    }

    public InstanceSupervisor Adopt(JournalEntry entry, Node.Runtimes.IRunningInstance? running)
    {
        InstanceSupervisor? supervisor = null;
        supervisor = InstanceSupervisor.Adopt(Parts, entry, running, () => Note(supervisor));
        _supervisors.Add(supervisor);
        return supervisor;
    }

    public async Task<InstanceSupervisor> RunAsync(Assignment assignment)
    {
        var supervisor = Create(assignment);
        await Time.UntilAsync(() => supervisor.Report.Phase == InstancePhase.Run);
        return supervisor;
    }

    public JournalEntry? OnDisk(string instance) =>
        Journal.Open(Path.Combine(Folder, "journal")).Found.FirstOrDefault(e => e.Assignment.Instance == instance);

    public async ValueTask DisposeAsync()
    {
        foreach (var supervisor in _supervisors)
        {
            await supervisor.DisposeAsync();
        }

        _folder.Dispose();
    }

    private void Note(InstanceSupervisor? supervisor)
    {
        if (supervisor is not null)
        {
            Seen.Enqueue(supervisor.Report);
        }
    }
}
