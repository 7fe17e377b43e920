using System.Collections.Immutable;
using Tutti.Decisions.Versions;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;
using Tutti.Model.Quantities;
using Tutti.Model.Versions;

namespace Tutti.Decisions.Tests.Versions;

public sealed class ManifestDifferenceTests
{
    private static readonly ServiceSpec _web = new()
    {
        Version = ReleaseVersion.Parse("1.2.0"),
        Run = new RunSpec { Command = ["dotnet", "Shop.dll", "web"], Artifact = "artifacts/shop" },
        Ports = ImmutableSortedDictionary<string, PortSpec>.Empty.Add("http", new PortSpec()),
        Env = ImmutableSortedDictionary<string, string>.Empty.Add("LOG_LEVEL", "info"),
        Instances = new InstancesSpec { Min = 2, Max = 2 },
    };

    private static ArchitectureSpec Shop(params (string Name, ServiceSpec Service)[] services) =>
        new() { Name = "shop", Services = services.ToImmutableSortedDictionary(each => each.Name, each => each.Service) };

    private static SpecChange Change(ServiceSpec before, ServiceSpec after) =>
        Assert.Single(ManifestDifference.Between(Shop(("web", before)), Shop(("web", after))));

    [Fact]
    public void A_new_service_shows_version_instances_and_run()
    {
        var change = Assert.Single(ManifestDifference.Between(null, Shop(("web", _web))));

        Assert.Equal(("web", ChangeAction.Add), (change.Subject, change.Action));
        Assert.Equal(
            [new FieldChange("version", null, "1.2.0"), new FieldChange("instances", null, "2"), new FieldChange("run", null, "dotnet Shop.dll web")],
            change.Fields);
    }

    [Fact]
    public void An_external_service_shows_where_it_is()
    {
        var tax = new ServiceSpec { External = new ExternalSpec { Url = "https://tax.example" } };
        var change = Assert.Single(ManifestDifference.Between(null, Shop(("tax", tax))));

        Assert.Equal([new FieldChange("external.url", null, "https://tax.example")], change.Fields);
    }

    [Fact]
    public void A_service_that_goes_shows_what_it_was()
    {
        var change = Assert.Single(ManifestDifference.Between(Shop(("web", _web)), Shop()));

        Assert.Equal(("web", ChangeAction.Remove), (change.Subject, change.Action));
        Assert.Contains(new FieldChange("version", "1.2.0", null), change.Fields);
    }

    [Fact]
    public void A_change_that_a_process_sees_is_an_update()
    {
        var change = Change(_web, _web with { Env = _web.Env.SetItem("LOG_LEVEL", "debug").Add("API_TOKEN", "${secret.api}") });

        Assert.Equal(ChangeAction.Update, change.Action);
        Assert.Equal([new FieldChange("env.LOG_LEVEL", "info", "debug"), new FieldChange("env.API_TOKEN", null, "${secret.api}")], change.Fields);
    }

    [Fact]
    public void Only_another_number_of_instances_is_scaling()
    {
        var change = Change(_web, _web with { Instances = new InstancesSpec { Min = 2, Max = 6 } });

        Assert.Equal(ChangeAction.Scale, change.Action);
        Assert.Equal([new FieldChange("instances", "2", "{ min: 2, max: 6 }")], change.Fields);
    }

    [Fact]
    public void What_no_process_sees_is_a_setting()
    {
        var change = Change(_web, _web with
        {
            Owner = "storefront",
            Instances = new InstancesSpec { Min = 3, Max = 3 },
            Recover = new RecoverSpec { BackoffMax = TimeSpan.FromMinutes(2) },
            Update = new UpdateSpec { Strategy = UpdateStrategy.Canary, Steps = [10, 50] },
        });

        Assert.Equal(ChangeAction.Settings, change.Action);
        Assert.Equal(
            [
                new FieldChange("instances", "2", "3"),
                new FieldChange("update.strategy", "rolling", "canary"),
                new FieldChange("update.steps", null, "[10%, 50%]"),
                new FieldChange("recover.backoff", "1s..1m", "1s..2m"),
                new FieldChange("owner", null, "storefront"),
            ],
            change.Fields);
    }

    [Fact]
    public void What_comes_as_a_whole_is_one_field_without_its_defaults()
    {
        var change = Change(_web, _web with
        {
            Health = new HealthSpec { Http = "/healthz", Failures = 5 },
            Ports = _web.Ports.Add("admin", new PortSpec { Number = 9090 }).Add("plain", new PortSpec()),
            Volumes = _web.Volumes.Add("data", new VolumeSpec { Size = ByteSize.FromMebibytes(10240) }),
            DependsOn = _web.DependsOn.Add("cart", new DependencySpec { Optional = true }),
        });

        Assert.Equivalent(
            new[]
            {
                new FieldChange("health", null, "{ http: /healthz, failures: 5 }"),
                new FieldChange("ports.admin", null, "{ number: 9090 }"),
                new FieldChange("ports.plain", null, "{ protocol: http }"),
                new FieldChange("volumes.data", null, "{ size: 10Gi }"),
                new FieldChange("dependsOn.cart", null, "{ optional: true }"),
            },
            change.Fields,
            strict: true);
    }

    [Fact]
    public void Constraints_and_lists_read_as_in_the_manifest()
    {
        var constraint = new ConstraintSpec { Label = "zone", Operator = ConstraintOperator.In, Values = ["a", "b"] };
        var change = Change(_web, _web with { Placement = new PlacementSpec { Constraints = [constraint], Spread = "zone" }, Publishes = ["orders", "prices"] });

        Assert.Contains(new FieldChange("placement.constraints", null, "[\"zone in a,b\"]"), change.Fields);
        Assert.Contains(new FieldChange("placement.spread", null, "zone"), change.Fields);
        Assert.Contains(new FieldChange("publishes", null, "[orders, prices]"), change.Fields);
    }

    [Fact]
    public void Services_come_by_name_then_the_other_parts()
    {
        var wanted = Shop(("web", _web), ("cart", _web), ("topics", _web)) with
        {
            Strict = true,
            Routes = [new RouteSpec { Host = "shop.localhost", To = "web" }, new RouteSpec { Path = "/api", To = "cart", Port = "rest" }],
            Topics = ImmutableSortedDictionary<string, TopicSpec>.Empty.Add("orders", new TopicSpec()),
            Jobs = ImmutableSortedDictionary<string, JobSpec>.Empty.Add(
                "settle", new JobSpec { Run = new RunSpec { Command = ["settle"] }, Schedule = new ScheduleSpec { Cron = "0 2 * * *" }, Retries = 3 }),
            Workflows = ["workflows/checkout.yaml"],
        };
        var changes = ManifestDifference.Between(null, wanted);

        Assert.Equal(["cart", "topics", "web", "jobs", "routes", "strict", "topics", "workflows"], changes.Select(change => change.Subject));
        Assert.Equal([new FieldChange("settle", null, "{ run: { command: [settle] }, schedule: { cron: 0 2 * * * }, retries: 3 }")], changes[3].Fields);
        Assert.Equal(ChangeAction.Add, changes[3].Action);
        Assert.Equal([new FieldChange("shop.localhost/", null, "web"), new FieldChange("*/api", null, "cart:rest")], changes[4].Fields);
        Assert.Equal([new FieldChange("strict", "false", "true")], changes[5].Fields);
        Assert.Equal(ChangeAction.Settings, changes[5].Action);
        Assert.Equal([new FieldChange("orders", null, "{}")], changes[6].Fields);
        Assert.Equal([new FieldChange("workflows", null, "[workflows/checkout.yaml]")], changes[7].Fields);
        Assert.All(ManifestDifference.Between(wanted, Shop()).Where(change => change.Subject != "strict"), change => Assert.Equal(ChangeAction.Remove, change.Action));
    }

    [Fact]
    public void Another_order_of_routes_is_a_change()
    {
        RouteSpec one = new() { Path = "/a", To = "web" }, other = new() { Path = "/", To = "cart" };
        var change = Assert.Single(ManifestDifference.Between(Shop() with { Routes = [one, other] }, Shop() with { Routes = [other, one] }));

        Assert.Equal(ChangeAction.Settings, change.Action);
        Assert.Equal([new FieldChange("order", "[\"*/a\", \"*/\"]", "[\"*/\", \"*/a\"]")], change.Fields);
    }

    [Fact]
    public void A_job_that_runs_something_else_is_an_update_and_one_at_another_time_a_setting()
    {
        var job = new JobSpec { Run = new RunSpec { Command = ["settle"] }, Schedule = new ScheduleSpec { Cron = "0 2 * * *" } };
        ArchitectureSpec With(JobSpec settle) => Shop() with { Jobs = ImmutableSortedDictionary<string, JobSpec>.Empty.Add("settle", settle) };

        var update = Assert.Single(ManifestDifference.Between(With(job), With(job with { Run = new RunSpec { Command = ["settle", "--all"] } })));
        Assert.Equal(ChangeAction.Update, update.Action);
        Assert.Equal([new FieldChange("settle.run.command", "[settle]", "[settle, --all]")], update.Fields);

        var settings = Assert.Single(ManifestDifference.Between(With(job), With(job with { Schedule = new ScheduleSpec { Cron = "0 3 * * *" } })));
        Assert.Equal(ChangeAction.Settings, settings.Action);
        Assert.Equal([new FieldChange("settle.schedule.cron", "0 2 * * *", "0 3 * * *")], settings.Fields);
    }

    [Fact]
    public void Criticality_is_spelled_as_in_the_manifest() =>
        Assert.Equal([new FieldChange("criticality", "critical", "sheddable-plus")], Change(_web, _web with { Criticality = Criticality.SheddablePlus }).Fields);
}
