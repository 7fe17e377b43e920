using Tutti.Model.Manifest;

namespace Tutti.Model.Tests.Manifest;

/// <summary>A manifest that is read for its releases need not be whole.</summary>
public sealed class ReadReleasesTests
{
    [Theory]
    [InlineData("dependsOn: { cart: { accepts: \">=2.2 <3\" } }", "unknown-service")]
    [InlineData("publishes: [orders]", "unknown-topic")]
    [InlineData("subscribes: [prices]", "unknown-topic")]
    public void What_may_be_elsewhere_is_not_asked_for(string line, string ruleOfAWholeManifest)
    {
        var text = Reading.Service(line);
        Assert.Equal(ruleOfAWholeManifest, Reading.Only(text).Rule);
        var reading = ManifestReader.ReadReleases(text, "m.yaml");
        Assert.Empty(reading.Problems);
        Assert.Equal("1.0.0", reading.Spec!.Services["a"].Version!.ToString());
    }

    [Fact]
    public void Releases_that_will_never_run_together_may_stand_in_one_file()
    {
        var text = Reading.Services("""
            web: { version: 1.3.0, run: { command: [web] }, dependsOn: { cart: { accepts: ^3 } } }
            cart: { version: 2.5.0, run: { command: [cart] }, ports: { http: {} } }
            """);
        Assert.Equal("version-not-accepted", Reading.Only(text).Rule);
        Assert.Empty(ManifestReader.ReadReleases(text, "m.yaml").Problems);
    }

    [Theory]
    [InlineData("ports: { http: {} }\ndependsOn: { a: {} }", "dependency-cycle")]
    [InlineData("dependsOn: { cart: { accepts: two } }", "bad-range")]
    [InlineData("env: { A: \"${port.htp}\" }", "unknown-port")]
    [InlineData("volumes: { data: {} }", "volume-on-cattle")]
    [InlineData("artefact: x", "unknown-key")]
    public void All_other_rules_hold(string line, string rule)
    {
        var reading = ManifestReader.ReadReleases(Reading.Service(line), "m.yaml");
        Assert.Null(reading.Spec);
        Assert.Contains(reading.Problems, problem => problem.Rule == rule);
    }

    [Fact]
    public void The_port_of_a_provider_that_is_here_is_checked() => Assert.Equal(
        "unknown-port",
        Assert.Single(ManifestReader.ReadReleases(
            Reading.Services("""
                web: { version: 1.3.0, run: { command: [web] }, dependsOn: { cart: { port: grpc } } }
                cart: { version: 2.5.0, run: { command: [cart] }, ports: { http: {} } }
                """),
            "m.yaml").Problems).Rule);
}
