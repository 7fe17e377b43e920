using System.Collections.Immutable;
using Tutti.Node.Expansion;
using Tutti.Node.Runtimes;
using Tutti.Node.Upstreams;

namespace Tutti.Node.Tests.Expansion;

public class ExpanderTests
{
    private static readonly ExpansionContext _context = new(
        ImmutableSortedDictionary<string, int>.Empty.Add("http", 20001).Add("sql", 20002),
        ImmutableSortedDictionary<string, UpstreamAddress>.Empty.Add("cart", new UpstreamAddress("http://127.0.0.1:20003", "127.0.0.1", 20003)),
        ImmutableSortedDictionary<string, string>.Empty.Add("data", "/var/data"),
        "web-1",
        "node-a",
        "web",
        "1.2.0",
        name => name == "db.password" ? "${port.http}" : null);

    [Theory]
    [InlineData("", "")]
    [InlineData("plain $HOME $", "plain $HOME $")]
    [InlineData("${port.http}", "20001")]
    [InlineData("a${port.http}b${port.sql}c", "a20001b20002c")]
    [InlineData("${upstream.cart.url}/x ${upstream.cart.host}:${upstream.cart.port}", "http://127.0.0.1:20003/x 127.0.0.1:20003")]
    [InlineData("${volume.data}", "/var/data")]
    [InlineData("${instance.id} ${instance.node} ${instance.service} ${instance.version}", "web-1 node-a web 1.2.0")]
    [InlineData("$${HOME} $${port.http} ${port.http}", "${HOME} ${port.http} 20001")]
    [InlineData("$$${port.http}", "$${port.http}")]
    [InlineData("${port.http}${secret.db.password}", "20001${port.http}")]
    public void Puts_in_values(string text, string expected) => Assert.Equal(expected, Expander.Expand(text, _context));

    [Theory]
    [InlineData("${port.htpp}", "${port.htpp}: this instance has no port 'htpp'; there are http, sql")]
    [InlineData("${upstream.kart.url}", "${upstream.kart.url}: this instance has no upstream 'kart'; there are cart")]
    [InlineData("${upstream.cart.uri}", "${upstream.cart.uri} is not known: an upstream has url, host and port")]
    [InlineData("${upstream.cart}", "${upstream.cart} is not known: an upstream has url, host and port")]
    [InlineData("${instance.name}", "${instance.name} is not known: an instance has id, node, service and version")]
    [InlineData("${secret.nope}", "${secret.nope}: there is no secret 'nope' on this node")]
    [InlineData("${HOME}", "${HOME} is not known: there are port, upstream, volume, instance and secret; write $${ for a literal ${")]
    [InlineData("x ${port.http", "'${port.http' in 'x ${port.http' has no closing '}'; write $${ for a literal ${")]
    public void Names_what_leads_nowhere(string text, string message) =>
        Assert.Equal(message, Assert.Throws<LaunchException>(() => Expander.Expand(text, _context)).Message);

    [Fact]
    public void Says_where_there_is_nothing_at_all() =>
        Assert.Equal(
            "${port.http}: this instance has no port 'http'; it has none",
            Assert.Throws<LaunchException>(() => Expander.Expand("${port.http}", _context with { Ports = ImmutableSortedDictionary<string, int>.Empty })).Message);
}
