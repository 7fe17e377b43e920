using Tutti.Model.Manifest;

namespace Tutti.Model.Tests.Manifest;

public sealed class DefaultsTests
{
    [Fact]
    public void A_service_that_says_nothing_more_has_every_default()
    {
        var service = Reading.Spec(Reading.Small).Services["a"];
        var expected = new ArchitectureSpec
        {
            Name = "shop",
            Services = Reading.Spec(Reading.Small).Services.SetItem("a", new ServiceSpec { Version = service.Version, Run = new RunSpec { Command = ["a"] } }),
        };

        Assert.Equal(ContentHash.Of(expected), ContentHash.Of(Reading.Spec(Reading.Small)));
    }

    [Fact]
    public void Maps_are_merged_and_the_service_wins()
    {
        var service = Reading.Spec(Reading.Service("env: { A: own, C: \"1\" }\nupdate: { maxSurge: 3 }\npublishes: [y]") + """

            defaults:
              env: { A: theirs, B: theirs }
              update: { maxSurge: 2, minHealthyTime: 5s }
              publishes: [x]
              owner: all
            topics: { x: {}, y: {} }
            """).Services["a"];

        Assert.Equal(["A=own", "B=theirs", "C=1"], service.Env.Select(e => $"{e.Key}={e.Value}"));
        Assert.Equal((3, TimeSpan.FromSeconds(5)), (service.Update.MaxSurge, service.Update.MinHealthyTime));
        Assert.Equal(["y"], service.Publishes);
        Assert.Equal("all", service.Owner);
    }

    [Fact]
    public void A_choice_of_the_service_replaces_the_choice_of_the_defaults()
    {
        var service = Reading.Spec(Reading.Service("health: { tcp: http }\nports: { http: {} }\nupdate: { strategy: rolling }") + """

            defaults:
              health: { http: /healthz, interval: 3s }
              update: { strategy: canary, steps: [10%], hold: 5s }
            """).Services["a"];

        Assert.Equal((null, "http", TimeSpan.FromSeconds(3)), (service.Health!.Http, service.Health.Tcp, service.Health.Interval));
        Assert.Equal(UpdateStrategy.Rolling, service.Update.Strategy);
        Assert.Empty(service.Update.Steps);
    }

    [Fact]
    public void An_external_service_takes_only_what_has_a_meaning_for_it()
    {
        var service = Reading.Spec(Reading.Services("tax: { external: { url: \"https://tax.example\" } }") + "\ndefaults: { owner: all, instances: 3, run: { image: x } }").Services["tax"];

        Assert.Equal(("all", 1), (service.Owner, service.Instances.Max));
        Assert.Null(service.Run);
    }

    [Fact]
    public void A_mistake_in_the_defaults_is_said_once_and_where_it_stands()
    {
        var problem = Reading.Only("apiVersion: tutti/v1\narchitecture: shop\ndefaults: { stop: { grac: 1s } }\nservices:\n  a: { version: 1.0.0, run: { image: a } }\n  b: { version: 1.0.0, run: { image: b } }");

        Assert.Equal(("defaults.stop has no key 'grac'; did you mean 'grace'?", 3, "defaults.stop.grac"), (problem.Message, problem.Line, problem.Path));
    }

    [Theory]
    [InlineData("update: { strategy: canary, steps: [10%, 50%], hold: 5s }")]
    [InlineData("update: { canary: { steps: [10%, 50%], hold: 5s } }")]
    [InlineData("update: { strategy: { canary: { steps: [10%, 50%], hold: 5s } } }")]
    public void A_canary_has_three_spellings(string line)
    {
        var update = Reading.Spec(Reading.Service(line)).Services["a"].Update;

        Assert.Equal(UpdateStrategy.Canary, update.Strategy);
        Assert.Equal([10, 50], update.Steps);
        Assert.Equal(TimeSpan.FromSeconds(5), update.Hold);
    }

    [Theory]
    [InlineData("instances: 3", 3, 3)]
    [InlineData("instances: { min: 2, max: 6 }", 2, 6)]
    [InlineData("instances: { min: 2 }", 2, 2)]
    [InlineData("instances: { max: 4 }", 1, 4)]
    [InlineData("instances: 0", 0, 0)]
    public void Instances_are_a_number_or_a_map(string line, int min, int max) =>
        Assert.Equal(new InstancesSpec { Min = min, Max = max }, Reading.Spec(Reading.Service(line)).Services["a"].Instances);

    [Theory]
    [InlineData("disk = ssd", "disk", ConstraintOperator.Equal, "ssd")]
    [InlineData("disk!=hdd", "disk", ConstraintOperator.NotEqual, "hdd")]
    [InlineData("zone in a, b", "zone", ConstraintOperator.In, "a|b")]
    [InlineData("zone not in a,b,c", "zone", ConstraintOperator.NotIn, "a|b|c")]
    [InlineData("gpu exists", "gpu", ConstraintOperator.Exists, "")]
    public void Constraints_have_five_forms(string text, string label, ConstraintOperator comparison, string values)
    {
        var constraint = Assert.Single(Reading.Spec(Reading.Service($"placement: {{ constraints: [\"{text}\"] }}")).Services["a"].Placement.Constraints);

        Assert.Equal((label, comparison, values), (constraint.Label, constraint.Operator, string.Join('|', constraint.Values)));
    }
}
