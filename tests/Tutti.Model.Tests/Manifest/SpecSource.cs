using System.Collections.Immutable;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;
using Tutti.Model.Quantities;
using Tutti.Model.Versions;

namespace Tutti.Model.Tests.Manifest;

/// <summary>Makes valid architectures from a seed, every field at and off its default.</summary>
internal sealed class SpecSource(int seed)
{
    private static readonly string[] _texts =
    [
        "x", "true", "null", "~", "1", "1.5", "0x1f", "a b", " a ", "a: b", "#no", "- x", "'q'", "\"q\"", "line\nbreak", "tab\there", "ümläut", "🎼", "{}", "[a]", "*a", "&a", "!t", "%d",
        "@at", "`t`", "a,b", "back\\slash", "--port", "-", "?", ":", "a:", "1e3", "2024-01-01", "12:30:45", "yes", "No", ".inf", "=", "<<", "|", ">", "\u0085", "\u2028", "\u0001", "",
    ];

    private readonly Random _random = new(seed);

    public ArchitectureSpec Architecture()
    {
        var names = new[] { "a", "b-1", "c3", "null", "true", "1", "12" }[..(1 + _random.Next(7))];
        var services = names.Select((name, i) => KeyValuePair.Create(name, i > 0 && Coin(8) ? External() : Service(names[..i]))).ToImmutableSortedDictionary();
        return new ArchitectureSpec
        {
            Name = "shop",
            Strict = Coin(3),
            Services = services,
            Topics = ImmutableSortedDictionary<string, TopicSpec>.Empty.Add("orders", new TopicSpec()).Add("prices", new TopicSpec()),
            Routes = Coin(2) ? [new RouteSpec { Host = Maybe("*.shop.example"), To = "a", Port = Maybe("http") }, new RouteSpec { Path = "/x", To = "a" }] : [],
            Jobs = Coin(2) ? ImmutableSortedDictionary<string, JobSpec>.Empty.Add("export", Job([])).Add("settle", Job(["export"])) : ImmutableSortedDictionary<string, JobSpec>.Empty,
            Workflows = Coin(2) ? ["workflows/checkout.yaml", "a b.yaml"] : [],
        };
    }

    private ServiceSpec External() => new()
    {
        Version = Coin(2) ? ReleaseVersion.Parse("1.5.0") : null,
        Criticality = Criticality.CriticalPlus,
        Owner = Maybe("them"),
        External = new ExternalSpec { Url = "https://tax.example:8443/a?b=c#d" },
        Ports = ImmutableSortedDictionary<string, PortSpec>.Empty.Add("http", new PortSpec()),
    };

    private ServiceSpec Service(string[] providers)
    {
        var pet = Coin(4);
        var min = _random.Next(3);
        var max = min + _random.Next(3);
        return new ServiceSpec
        {
            Version = ReleaseVersion.Parse(Pick("1.5.0", "1.5.2+build.7")),
            Criticality = Criticality.CriticalPlus,
            Owner = Coin(2) ? null : Text(filled: true),
            Kind = pet ? ServiceKind.Pet : ServiceKind.Cattle,
            Run = Run(),
            Ports = ImmutableSortedDictionary<string, PortSpec>.Empty.Add("http", new PortSpec()).Add("sql", new PortSpec { Protocol = PortProtocol.Tcp, Number = Coin(2) ? 5432 : null }),
            Env = Env(),
            Resources = Resources(),
            Instances = new InstancesSpec { Min = min, Max = max },
            Reversible = Coin(2),
            Health = Health(),
            DependsOn = providers.ToImmutableSortedDictionary(p => p, _ => Dependency()),
            Publishes = Coin(2) ? ["orders", "prices"] : [],
            Subscribes = Coin(2) ? ["prices"] : [],
            Placement = Placement(),
            Update = Update(pet),
            Scale = Coin(2) ? Pick(new ScaleSpec { On = ScaleMeasure.Cpu, Target = "70%" }, new ScaleSpec { On = ScaleMeasure.Latency, Target = "200ms" }, new ScaleSpec { On = ScaleMeasure.Requests, Target = "100" }) : null,
            Stop = new StopSpec { Signal = Pick("SIGTERM", "SIGINT"), Grace = Duration(10_000), Drain = Duration(0) },
            Volumes = pet ? ImmutableSortedDictionary<string, VolumeSpec>.Empty.Add("data", new VolumeSpec { Size = Size() }) : ImmutableSortedDictionary<string, VolumeSpec>.Empty,
            Recover = new RecoverSpec { Restarts = Pick(5, 0, 9), Within = Duration(600_000), BackoffMin = Duration(1_000), BackoffMax = TimeSpan.FromMinutes(Pick(1, 90)), Webhook = Maybe("https://hooks.example/x?y=z") },
        };
    }

    private JobSpec Job(ImmutableArray<string> after) => new()
    {
        Run = Run(),
        Schedule = Coin(2) ? new ScheduleSpec { Cron = "*/5 2 * * mon-fri", Timezone = Pick("UTC", "Europe/Berlin"), Overlap = Pick(Enum.GetValues<OverlapPolicy>()), CatchUp = Pick(0, 3) } : null,
        Env = Env(),
        Resources = Resources(),
        Placement = Placement(),
        DependsOn = ImmutableSortedDictionary<string, DependencySpec>.Empty.Add("a", Dependency()),
        Retries = Pick(0, 3),
        Timeout = Coin(2) ? Duration(600_000) : null,
        After = after,
    };

    private RunSpec Run() => Coin(3)
        ? new RunSpec { Image = "registry.example:5000/shop/web:1.2", User = Maybe("1000") }
        : new RunSpec
        {
            Command = [.. Enumerable.Range(0, 1 + _random.Next(4)).Select(_ => Text())],
            Artifact = Maybe("artifacts/shop"),
            Digest = Maybe("sha256:" + new string('a', 64)),
            Build = Coin(2) ? ["make", Text()] : [],
            User = Maybe("shop"),
        };

    private ImmutableSortedDictionary<string, string> Env()
    {
        var names = new[] { "A", "null", "Y", "LOG__LEVEL", "true" };
        return names.Where(_ => Coin(2)).ToImmutableSortedDictionary(n => n, _ => Pick(Text(), "${instance.id}-${secret.KEY}"));
    }

    private ResourceSpec Resources() => new()
    {
        Cpu = Pick(new Cpu(50), new Cpu(250), new Cpu(2000), Cpu.Zero),
        Memory = Pick(ByteSize.FromMebibytes(64), new ByteSize(1000), ByteSize.Zero),
        Limits = Coin(2) ? new LimitSpec { Cpu = new Cpu(4000), Memory = Coin(2) ? ByteSize.FromMebibytes(1 << 20) : null } : null,
    };

    private HealthSpec? Health() => Pick(
        null,
        new HealthSpec { Http = "/healthz?full=1", Port = Maybe("http"), Interval = Duration(1000), Timeout = Duration(500), Failures = Pick(3, 5) },
        new HealthSpec { Tcp = "sql" },
        new HealthSpec { Exec = ["probe", Text(), "${port.sql}"] });

    private PlacementSpec Placement() => new()
    {
        Constraints = Coin(2)
            ?
            [
                new ConstraintSpec { Label = "disk", Operator = ConstraintOperator.NotEqual, Values = ["hdd"] },
                new ConstraintSpec { Label = "zone", Operator = ConstraintOperator.NotIn, Values = ["a", "b"] },
                new ConstraintSpec { Label = "gpu", Operator = ConstraintOperator.Exists },
            ]
            : [],
        Spread = Maybe("zone"),
    };

    private UpdateSpec Update(bool pet)
    {
        var strategy = pet ? UpdateStrategy.Rolling : Pick(Enum.GetValues<UpdateStrategy>());
        return new UpdateSpec
        {
            Strategy = strategy,
            MaxSurge = Pick(1, 2),
            MaxUnavailable = Pick(0, 4),
            MinHealthyTime = Duration(1000),
            Deadline = Duration(60_000),
            AutoRollback = Coin(2),
            Steps = strategy == UpdateStrategy.Canary ? [5, 50, 100] : [],
            Hold = strategy == UpdateStrategy.Canary ? Duration(30_000) : TimeSpan.FromSeconds(30),
        };
    }

    private DependencySpec Dependency() => new() { Accepts = VersionRange.Parse(Pick("*", ">=1.2 <3", "^1 || 7", "1")), Optional = Coin(2), Port = Maybe("http") };

    private ByteSize Size() => Pick(ByteSize.Zero, ByteSize.FromMebibytes(10 << 10), new ByteSize(12345));

    private TimeSpan Duration(int byDefault) => TimeSpan.FromMilliseconds(Pick(byDefault, 1500, 60_000));

    private string Text(bool filled = false)
    {
        var text = Pick(_texts);
        return filled && string.IsNullOrWhiteSpace(text) ? "x" : text;
    }

    private string? Maybe(string text) => Coin(2) ? text : null;

    private T Pick<T>(params T[] values) => values[_random.Next(values.Length)];

    private bool Coin(int oneIn) => _random.Next(oneIn) == 0;
}
