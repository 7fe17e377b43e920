using System.Collections.Immutable;
using Tutti.Control.State;
using Tutti.Model.Agents;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;
using Tutti.Model.Quantities;
using Tutti.Model.Versions;
using Tutti.Server.Api;

namespace Tutti.Cli.Tests.Fakes;

/// <summary>Documents as a server gives them.</summary>
internal static class Documents
{
    public static readonly DateTimeOffset Earlier = CliRun.Now.AddMinutes(-5);

    public static ArchitectureDocument Architecture(string name = "shop", int set = 2, bool destroyed = false) =>
        new() { Name = name, Set = set, Message = "web 1.2", Time = Earlier, Destroyed = destroyed, Services = 2, Health = ServiceHealth.Healthy };

    public static ServiceDocument Service(string name = "web", ServiceStatus status = ServiceStatus.Run, int set = 2) => new()
    {
        Architecture = "shop",
        Service = name,
        Version = ReleaseVersion.Parse("1.2.0"),
        Status = status,
        Health = status == ServiceStatus.Run ? ServiceHealth.Healthy : ServiceHealth.Down,
        Desired = 2,
        Healthy = status == ServiceStatus.Run ? 2 : 0,
        Since = Earlier,
        Cause = "2 of 2 pass their health check",
        Set = set,
        Running = ImmutableSortedDictionary<string, int>.Empty.Add("1.2.0", 2),
    };

    public static InstanceDocument Instance(string id = "web-1", string service = "web", InstancePhase phase = InstancePhase.Run) => new()
    {
        Id = id,
        Architecture = "shop",
        Service = service,
        Version = ReleaseVersion.Parse("1.2.0"),
        Node = "a",
        Phase = phase,
        Pid = 4711,
        Ports = ImmutableSortedDictionary<string, int>.Empty.Add("http", 20001),
        Address = "127.0.0.1",
        Set = 2,
        Attempt = 1,
        Since = Earlier,
        StartedAt = Earlier,
        Used = new NodeCapacity(new Cpu(120), ByteSize.FromMebibytes(48)),
    };

    public static NodeDocument Node(string name = "a") => new()
    {
        Name = name,
        State = "Ready",
        Labels = ImmutableSortedDictionary<string, string>.Empty.Add("zone", "a"),
        Capacity = new NodeCapacity(new Cpu(2000), ByteSize.FromMebibytes(4096)),
        Used = new NodeCapacity(new Cpu(500), ByteSize.FromMebibytes(256)),
        Address = "127.0.0.1",
        Instances = 2,
        Since = Earlier,
        HeardAt = CliRun.Now.AddSeconds(-1),
    };

    public static Operation Operation(string service = "web", OperationState state = OperationState.Succeeded, int set = 2, string? reason = null) => new()
    {
        Id = "op-17",
        Architecture = "shop",
        Service = service,
        Kind = OperationKind.Update,
        State = state,
        FromSet = 1,
        ToSet = set,
        Summary = "1.1.0 → 1.2.0",
        Author = "ada",
        Started = Earlier,
        Ended = state == OperationState.Running ? null : Earlier.AddSeconds(4),
        Steps = [new OperationStep("roll", state)],
        StepSince = Earlier,
        ProgressAt = Earlier,
        Done = 2,
        Total = 2,
        Reason = reason,
    };

    public static Event Event(long sequence = 41) => new()
    {
        Sequence = sequence,
        Time = Earlier,
        Kind = EventKind.Status,
        Architecture = "shop",
        Service = "web",
        From = "Ready",
        To = "Run",
        Cause = "2 of 2 pass their health check",
    };

    public static VersionSet Set(int number) => new()
    {
        Architecture = "shop",
        Number = number,
        Parent = number > 1 ? number - 1 : null,
        Author = "ada",
        Time = Earlier,
        Message = "web 1.2",
        ContentHash = "sha256:00",
        Spec = new ArchitectureSpec
        {
            Name = "shop",
            Services = ImmutableSortedDictionary<string, ServiceSpec>.Empty.Add("web", new ServiceSpec { Version = ReleaseVersion.Parse("1.2.0") }),
        },
    };

    public static ReleaseDocument Release(string version = "1.2.0", bool current = true) => new()
    {
        Architecture = "shop",
        Service = "web",
        Version = ReleaseVersion.Parse(version),
        Recorded = Earlier,
        Reversible = current,
        DependsOn = ImmutableSortedDictionary<string, DependencySpec>.Empty
            .Add("cart", new DependencySpec { Accepts = VersionRange.Parse(">=2.2 <3") })
            .Add("tax", new DependencySpec { Optional = true }),
        Sets = current ? [new SetRangeDocument(1, 3), new SetRangeDocument(7, 7)] : [],
        Current = current,
        Instances = current ? 3 : 0,
        Healthy = current ? 2 : 0,
        Nodes = current ? ["a", "b"] : [],
    };

    public static ChangeDocument Change(int? set = 2, bool changed = true) => new() { Revision = 9, Architecture = "shop", Set = set, Changed = changed };

    /// <summary>A server with one architecture and something of everything.</summary>
    public static FakeServer WithDocuments(this FakeServer server) => server
        .On("GET /api/architectures", new[] { Architecture() })
        .On("GET /api/architectures/shop", Architecture())
        .On("GET /api/architectures/shop/services", new[] { Service("cart"), Service("web") })
        .On("GET /api/architectures/shop/services/web/history", new[] { Event() })
        .On("GET /api/architectures/shop/sets", new[] { Set(1), Set(2) })
        .On("GET /api/architectures/shop/releases", new[] { Release("1.3.0", current: false), Release() })
        .On("GET /api/instances", new[] { Instance("cart-1", "cart"), Instance("web-1"), Instance("web-2") })
        .On("GET /api/operations", new[] { Operation() })
        .On("GET /api/events", new[] { Event(40), Event(41) })
        .On("GET /api/nodes", new[] { Node() });
}
