using System.Collections.Immutable;
using Tutti.Model.Agents;
using Tutti.Model.Discovery;
using Tutti.Model.Versions;
using Tutti.Node.Upstreams.Routing;

namespace Tutti.Node.Tests.Upstreams;

public sealed class VersionChooserTests
{
    private static readonly ImmutableArray<Endpoint> _endpoints =
    [
        At("cart-a", "2.0.0", "http"),
        At("cart-b", "2.2.0", "http"),
        At("cart-b", "2.2.0", "admin"),
        At("cart-c", "2.3.0-rc.1", "http"),
        At("cart-d", "3.0.0", "http"),
        At("elsewhere", null, "http"),
    ];

    [Theory]
    [InlineData(">=2.2 <3", "http", "cart-b elsewhere")]
    [InlineData(">=2.0 <2.2", "http", "cart-a elsewhere")]
    [InlineData("*", "http", "cart-a cart-b cart-d elsewhere")]
    [InlineData(">=2.3.0-rc.1 <3", "http", "cart-c elsewhere")]
    [InlineData("^2", "admin", "cart-b")]
    [InlineData("^4", "http", "elsewhere")]
    [InlineData("^2", "grpc", "")]
    public void Keeps_the_port_and_the_versions_that_are_accepted(string range, string port, string expected)
    {
        var upstream = new UpstreamAssignment { Service = "cart", Port = port, Accepts = VersionRange.Parse(range) };
        Assert.Equal(expected, string.Join(' ', new VersionChooser().Candidates(upstream, _endpoints).Select(e => e.Instance)));
    }

    [Fact]
    public void Without_minding_versions_only_the_port_counts()
    {
        var upstream = new UpstreamAssignment { Service = "cart", Port = "http", Accepts = VersionRange.Parse("^9") };
        Assert.Equal(5, new PortChooser().Candidates(upstream, _endpoints).Length);
    }

    private static Endpoint At(string instance, string? version, string port) => new()
    {
        Instance = instance,
        Version = version is null ? null : ReleaseVersion.Parse(version),
        Port = port,
        Address = "127.0.0.1",
        Number = 20000,
    };
}
