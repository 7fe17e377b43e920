using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Tutti.Decisions.Versions;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;
using Tutti.Model.Quantities;
using Tutti.Model.Versions;

namespace Tutti.Decisions.Tests.Versions;

/// <summary>Some of the edits that a person may make to a service.</summary>
public sealed record Edits(ImmutableArray<int> Chosen);

[Properties(Arbitrary = [typeof(ManifestDifferenceProperties)])]
public sealed class ManifestDifferenceProperties
{
    private static readonly ServiceSpec _base = new()
    {
        Version = ReleaseVersion.Parse("1.0.0"),
        Run = new RunSpec { Command = ["run"] },
        Ports = ImmutableSortedDictionary<string, PortSpec>.Empty.Add("http", new PortSpec()),
        Env = ImmutableSortedDictionary<string, string>.Empty.Add("LEVEL", "info").Add("OLD", "1"),
        Health = new HealthSpec { Http = "/healthz" },
        DependsOn = ImmutableSortedDictionary<string, DependencySpec>.Empty.Add("cart", new DependencySpec()),
    };

    private static readonly (string Path, bool Update, Func<ServiceSpec, ServiceSpec> Edit)[] _edits =
    [
        ("version", true, service => service with { Version = ReleaseVersion.Parse("1.1.0") }),
        ("criticality", false, service => service with { Criticality = Criticality.Sheddable }),
        ("owner", false, service => service with { Owner = "team" }),
        ("kind", true, service => service with { Kind = ServiceKind.Pet }),
        ("run.command", true, service => service with { Run = service.Run! with { Command = ["run", "fast"] } }),
        ("run.user", true, service => service with { Run = service.Run! with { User = "shop" } }),
        ("run.build", false, service => service with { Run = service.Run! with { Build = ["make"] } }),
        ("ports.http.protocol", true, service => service with { Ports = service.Ports.SetItem("http", service.Ports["http"] with { Protocol = PortProtocol.Tcp }) }),
        ("ports.admin", true, service => service with { Ports = service.Ports.Add("admin", new PortSpec { Number = 9090 }) }),
        ("env.LEVEL", true, service => service with { Env = service.Env.SetItem("LEVEL", "debug") }),
        ("env.OLD", true, service => service with { Env = service.Env.Remove("OLD") }),
        ("env.EMPTY", true, service => service with { Env = service.Env.Add("EMPTY", "") }),
        ("resources.cpu", true, service => service with { Resources = service.Resources with { Cpu = new Cpu(250) } }),
        ("resources.limits", true, service => service with { Resources = service.Resources with { Limits = new LimitSpec { Cpu = new Cpu(500) } } }),
        ("instances", false, service => service with { Instances = new InstancesSpec { Min = 2, Max = 4 } }),
        ("reversible", false, service => service with { Reversible = false }),
        ("health.interval", true, service => service with { Health = service.Health! with { Interval = TimeSpan.FromSeconds(5) } }),
        ("dependsOn.cart.optional", true, service => service with { DependsOn = service.DependsOn.SetItem("cart", service.DependsOn["cart"] with { Optional = true }) }),
        ("subscribes", false, service => service with { Subscribes = ["prices"] }),
        ("placement.spread", false, service => service with { Placement = service.Placement with { Spread = "zone" } }),
        ("placement.constraints", true, service => service with { Placement = service.Placement with { Constraints = [new() { Label = "gpu", Operator = ConstraintOperator.Exists }] } }),
        ("update.maxSurge", false, service => service with { Update = service.Update with { MaxSurge = 2 } }),
        ("scale", false, service => service with { Scale = new ScaleSpec { On = ScaleMeasure.Cpu, Target = "70%" } }),
        ("stop.drain", true, service => service with { Stop = service.Stop with { Drain = TimeSpan.FromSeconds(2) } }),
        ("volumes.data", true, service => service with { Volumes = service.Volumes.Add("data", new VolumeSpec()) }),
        ("recover.backoff", false, service => service with { Recover = service.Recover with { BackoffMin = TimeSpan.FromSeconds(2) } }),
    ];

    public static Arbitrary<Edits> AnyEdits() => Arb.From(
        Gen.SubListOf(Enumerable.Range(0, _edits.Length)).Select(chosen => new Edits([.. chosen])),
        edits => edits.Chosen.Select(without => new Edits(edits.Chosen.Remove(without))));

    [Property]
    public void The_same_manifest_has_no_difference(Edits edits) => Assert.Empty(ManifestDifference.Between(Shop(Apply(edits)), Shop(Apply(edits))));

    [Property]
    public void Every_changed_field_shows_exactly_once(Edits edits)
    {
        var changes = ManifestDifference.Between(Shop(_base), Shop(Apply(edits)));

        Assert.Equal(edits.Chosen.Select(i => _edits[i].Path).Order(), changes.SelectMany(change => change.Fields).Select(field => field.Path).Order());
        Assert.All(changes.SelectMany(change => change.Fields), field => Assert.NotEqual(field.Before, field.After));
    }

    [Property]
    public void Back_again_is_the_same_difference_turned_round(Edits edits)
    {
        var there = ManifestDifference.Between(Shop(_base), Shop(Apply(edits))).SelectMany(change => change.Fields);
        var back = ManifestDifference.Between(Shop(Apply(edits)), Shop(_base)).SelectMany(change => change.Fields);

        Assert.Equal(there.OrderBy(field => field.Path), back.Select(field => new FieldChange(field.Path, field.After, field.Before)).OrderBy(field => field.Path));
    }

    [Property]
    public void The_action_follows_from_what_a_process_sees(Edits edits)
    {
        var chosen = edits.Chosen.Select(i => _edits[i]).ToList();
        if (chosen.Count == 0)
        {
            return;
        }

        var expected = chosen.Exists(edit => edit.Update) ? ChangeAction.Update
            : chosen.TrueForAll(edit => edit.Path == "instances") ? ChangeAction.Scale
            : ChangeAction.Settings;
        Assert.Equal(expected, Assert.Single(ManifestDifference.Between(Shop(_base), Shop(Apply(edits)))).Action);
    }

    private static ServiceSpec Apply(Edits edits) => edits.Chosen.Aggregate(_base, (service, edit) => _edits[edit].Edit(service));

    private static ArchitectureSpec Shop(ServiceSpec web) =>
        new() { Name = "shop", Services = ImmutableSortedDictionary<string, ServiceSpec>.Empty.Add("web", web) };
}
