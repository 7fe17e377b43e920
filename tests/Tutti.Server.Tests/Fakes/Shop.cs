using System.Collections.Immutable;
using Tutti.Control.State;
using Tutti.Model.Agents;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;
using Tutti.Model.Quantities;
using Tutti.Model.Versions;

namespace Tutti.Server.Tests.Fakes;

/// <summary>A small architecture: web calls cart, db and (optionally) tax, which is external.</summary>
internal static class Shop
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly ArchitectureSpec Spec = new()
    {
        Name = "shop",
        Services = new Dictionary<string, ServiceSpec>
        {
            ["cart"] = Service("2.2.0", 2) with { Owner = "carts" },
            ["db"] = Service("15.0.0", 1, "sql", PortProtocol.Tcp) with
            {
                Kind = ServiceKind.Pet,
                Volumes = ImmutableSortedDictionary<string, VolumeSpec>.Empty.Add("data", new VolumeSpec()),
            },
            ["tax"] = new ServiceSpec { External = new ExternalSpec { Url = "https://tax.example/v1" } },
            ["web"] = Service("1.2.0", 2) with
            {
                DependsOn = new Dictionary<string, DependencySpec>
                {
                    ["cart"] = new DependencySpec(),
                    ["db"] = new DependencySpec(),
                    ["tax"] = new DependencySpec { Optional = true },
                }.ToImmutableSortedDictionary(),
                Env = ImmutableSortedDictionary<string, string>.Empty.Add("LOG_LEVEL", "info"),
            },
        }.ToImmutableSortedDictionary(),
    };

    public static ServiceSpec Service(string version, int instances, string port = "http", PortProtocol protocol = PortProtocol.Http) => new()
    {
        Version = ReleaseVersion.Parse(version),
        Run = new RunSpec { Command = ["run", version] },
        Ports = ImmutableSortedDictionary<string, PortSpec>.Empty.Add(port, new PortSpec { Protocol = protocol }),
        Instances = new InstancesSpec { Min = instances, Max = instances },
        Resources = new ResourceSpec { Cpu = new Cpu(100), Memory = ByteSize.FromMebibytes(32) },
    };

    public static VersionSet Set(int number = 1, ArchitectureSpec? spec = null) => new()
    {
        Architecture = "shop",
        Number = number,
        Author = "ann",
        Time = Noon,
        Message = "first",
        ContentHash = "sha256:x",
        Spec = spec ?? Spec,
    };

    public static Architecture Architecture(int set = 1) => new() { Name = "shop", CurrentSet = set, LastSet = set };

    public static Service State(string name, ServiceStatus status = ServiceStatus.Run, ServiceHealth health = ServiceHealth.Healthy) => new()
    {
        Architecture = "shop",
        Name = name,
        Status = status,
        Since = Noon,
        Cause = "as asked",
        Health = health,
    };

    public static Node Node(string name = "n1", string session = "s1") => new()
    {
        Name = name,
        Status = NodeStatus.Ready,
        Since = Noon,
        Session = session,
        Address = "10.0.0.1",
        Capacity = new NodeCapacity(new Cpu(4000), ByteSize.FromMebibytes(1024)),
        Labels = ImmutableSortedDictionary<string, string>.Empty.Add("zone", "a"),
    };

    public static Instance Instance(string service, string id, int port = 20001, InstancePhase phase = InstancePhase.Run, string? node = "n1") => new()
    {
        Id = id,
        Architecture = "shop",
        Service = service,
        Version = Spec.Services[service].Version!,
        Set = 1,
        Template = "t",
        Node = node,
        Phase = phase,
        Since = Noon,
        Created = Noon,
        Pid = 4711,
        Ports = ImmutableSortedDictionary<string, int>.Empty.Add(service == "db" ? "sql" : "http", port),
    };

    public static Event Line(long sequence, string? service = "cart", EventKind kind = EventKind.Status, string? architecture = "shop") => new()
    {
        Sequence = sequence,
        Time = Noon,
        Kind = kind,
        Architecture = architecture,
        Service = service,
        Cause = $"line {sequence}",
    };

    /// <summary>Everything at its place on node n1: two carts, one web.</summary>
    public static object[] Running() =>
    [
        Architecture(), Set(), Node(),
        State("cart"), State("web", health: ServiceHealth.Degraded), State("db", ServiceStatus.Provision, ServiceHealth.Down),
        Instance("cart", "cart-b", 20002), Instance("cart", "cart-a", 20001), Instance("web", "web-a", 20003),
    ];
}
