using System.Text.Json;
using FsCheck;
using FsCheck.Xunit;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;
using Tutti.Model.Quantities;
using Tutti.Model.Tests.Manifest;

namespace Tutti.Model.Tests.Json;

public sealed class JsonRoundTripTests
{
    [Property(MaxTest = 150)]
    public void Specs_read_back_to_the_same(DoNotSize<int> any)
    {
        var spec = new SpecSource(any.Item).Architecture();

        var read = JsonSerializer.Deserialize<ArchitectureSpec>(JsonSerializer.Serialize(spec, TuttiJson.Options), TuttiJson.Options)!;

        Assert.Equal(ContentHash.Of(spec), ContentHash.Of(read));
        Assert.All(spec.Services, s => Assert.Equal(ContentHash.OfTemplate(s.Value), ContentHash.OfTemplate(read.Services[s.Key])));
    }

    [Fact]
    public void What_is_missing_has_its_default()
    {
        var service = JsonSerializer.Deserialize<ServiceSpec>("{}", TuttiJson.Options)!;

        Assert.Equal(JsonSerializer.Serialize(new ServiceSpec(), TuttiJson.Options), JsonSerializer.Serialize(service, TuttiJson.Options));
        Assert.Equal((Criticality.Critical, 1, true), (service.Criticality, service.Instances.Min, service.Reversible));
        Assert.Equal((1, TimeSpan.FromSeconds(60), true), (service.Update.MaxSurge, service.Update.Deadline, service.Update.AutoRollback));
        Assert.Equal((new Cpu(50), "SIGTERM"), (service.Resources.Cpu, service.Stop.Signal));
        Assert.Empty(service.Ports);
        Assert.Equal(TimeSpan.FromMilliseconds(500), JsonSerializer.Deserialize<HealthSpec>("""{"http":"/"}""", TuttiJson.Options)!.Timeout);
        Assert.Equal("*", JsonSerializer.Deserialize<DependencySpec>("{}", TuttiJson.Options)!.Accepts.ToString());
    }

    [Theory]
    [InlineData("""{"version":"1.2"}""")]
    [InlineData("""{"resources":{"cpu":5}}""")]
    [InlineData("""{"resources":{"memory":"1GB"}}""")]
    [InlineData("""{"update":{"deadline":60}}""")]
    [InlineData("""{"criticality":"very"}""")]
    [InlineData("""{"dependsOn":{"a":{"accepts":"latest"}}}""")]
    [InlineData("""{"stop":null}""")]
    public void What_is_malformed_is_refused(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<ServiceSpec>(json, TuttiJson.Options));

    [Fact]
    public void The_hash_sees_every_change_and_the_template_only_what_needs_a_new_process()
    {
        var spec = Reading.Spec(Reading.Small);
        var service = spec.Services["a"];

        Assert.NotEqual(ContentHash.Of(spec), ContentHash.Of(spec with { Services = spec.Services.SetItem("a", service with { Owner = "me" }) }));
        Assert.Equal(ContentHash.OfTemplate(service), ContentHash.OfTemplate(service with { Owner = "me", Instances = new InstancesSpec { Max = 9 } }));
        Assert.NotEqual(ContentHash.OfTemplate(service), ContentHash.OfTemplate(service with { Env = service.Env.Add("A", "b") }));
    }
}
