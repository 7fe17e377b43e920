using Tutti.Model.Lifecycle;

namespace Tutti.Server.Tests.Dns;

/// <summary>What each name of the zone answers.</summary>
public sealed class ZoneTests
{
    private const string Soa = "ns.tutti. hostmaster.tutti. 1 60 10 3600 0";

    [Fact]
    public async Task A_service_answers_the_addresses_of_its_nodes_by_family_each_once()
    {
        await using var shop = ShopView.Started();
        shop.Commit(ShopView.Cart("cart-a", "n1"), ShopView.Cart("cart-b", "n1", 20002), ShopView.Cart("cart-c", "n2"), ShopView.Cart("cart-d", "n6"));

        var four = await DnsClient.AskAsync(shop.Dns, "cart.shop.tutti", DnsClient.A);
        Assert.Equal(["10.0.0.1", "10.0.0.2"], four.Data(DnsClient.A).Order());
        Assert.True(four.IsAuthoritative);
        Assert.All(four.Answers, record => Assert.Equal(0u, record.TimeToLive));

        var six = await DnsClient.AskAsync(shop.Dns, "cart.shop.tutti", DnsClient.Aaaa);
        Assert.Equal(["2001:db8::6"], six.Data(DnsClient.Aaaa));
    }

    [Fact]
    public async Task Only_instances_in_discovery_are_answered()
    {
        await using var shop = ShopView.Started();
        shop.Commit(
            ShopView.Cart("cart-run", "n1"),
            ShopView.Cart("cart-ready", "n2", phase: InstancePhase.Ready),
            ShopView.Cart("cart-withheld", "n2") with { Withheld = true },
            ShopView.Cart("cart-stopping", "n2") with { Goal = Tutti.Model.Agents.AssignmentGoal.Stop });

        Assert.Equal(["10.0.0.1"], (await DnsClient.AskAsync(shop.Dns, "cart.shop.tutti", DnsClient.A)).Data(DnsClient.A));
        Assert.Equal(3, (await DnsClient.AskAsync(shop.Dns, "cart-ready.cart.shop.tutti", DnsClient.A)).Code);
        Assert.Single((await DnsClient.AskAsync(shop.Dns, "_http._tcp.cart.shop.tutti", DnsClient.Srv)).Answers);
    }

    [Theory]
    [InlineData("_http._tcp.cart.shop.tutti")]
    [InlineData("cart.shop.tutti")]
    public async Task SRV_answers_ports_with_targets_that_resolve(string name)
    {
        await using var shop = ShopView.Started();
        shop.Commit(ShopView.Cart("cart-a", "n1", 20001), ShopView.Cart("cart-d", "n6", 20004));

        var reply = await DnsClient.AskAsync(shop.Dns, name, DnsClient.Srv);
        Assert.Equal(["0 1 20001 cart-a.cart.shop.tutti.", "0 1 20004 cart-d.cart.shop.tutti."], reply.Data(DnsClient.Srv).Order());
        Assert.Equal(
            [("cart-a.cart.shop.tutti.", "10.0.0.1"), ("cart-d.cart.shop.tutti.", "2001:db8::6")],
            reply.Additional.Select(record => (record.Owner, record.Data)).Order());

        var target = await DnsClient.AskAsync(shop.Dns, "cart-a.cart.shop.tutti", DnsClient.A);
        Assert.Equal(["10.0.0.1"], target.Data(DnsClient.A));
    }

    [Fact]
    public async Task A_node_known_by_a_host_name_is_an_alias_and_an_SRV_target()
    {
        await using var shop = ShopView.Started();
        shop.Commit(ShopView.Cart("cart-h", "host", 20009));

        Assert.Equal(["box.example."], (await DnsClient.AskAsync(shop.Dns, "cart.shop.tutti", DnsClient.A)).Data(DnsClient.Cname));
        Assert.Equal(["box.example."], (await DnsClient.AskAsync(shop.Dns, "cart-h.cart.shop.tutti", DnsClient.Aaaa)).Data(DnsClient.Cname));
        Assert.Equal(["0 1 20009 box.example."], (await DnsClient.AskAsync(shop.Dns, "_http._tcp.cart.shop.tutti", DnsClient.Srv)).Data(DnsClient.Srv));

        shop.Commit(ShopView.Cart("cart-a", "n1"));
        var mixed = await shop.EventuallyAsync("cart.shop.tutti", DnsClient.A, reply => reply.Data(DnsClient.A).Any());
        Assert.Equal(["10.0.0.1"], mixed.Answers.Select(record => record.Data));
    }

    [Fact]
    public async Task External_services_come_from_the_manifest()
    {
        await using var shop = ShopView.Started();

        Assert.Equal(["tax.example."], (await DnsClient.AskAsync(shop.Dns, "tax.shop.tutti", DnsClient.A)).Data(DnsClient.Cname));
        Assert.Equal(["0 1 443 tax.example."], (await DnsClient.AskAsync(shop.Dns, "_http._tcp.tax.shop.tutti", DnsClient.Srv)).Data(DnsClient.Srv));
        Assert.Equal(["192.0.2.9"], (await DnsClient.AskAsync(shop.Dns, "vat.shop.tutti", DnsClient.A)).Data(DnsClient.A));
        var srv = await DnsClient.AskAsync(shop.Dns, "_http._tcp.vat.shop.tutti", DnsClient.Srv);
        Assert.Equal(["0 1 81 vat.shop.tutti."], srv.Data(DnsClient.Srv));
        Assert.Equal(["192.0.2.9"], srv.Additional.Select(record => record.Data));
    }

    [Theory]
    [InlineData("nobody.shop.tutti", DnsClient.A)]
    [InlineData("cart.elsewhere.tutti", DnsClient.A)]
    [InlineData("elsewhere.tutti", DnsClient.A)]
    [InlineData("gone.cart.shop.tutti", DnsClient.A)]
    [InlineData("_nope._tcp.cart.shop.tutti", DnsClient.Srv)]
    [InlineData("_http._udp.cart.shop.tutti", DnsClient.Srv)]
    [InlineData("http._tcp.cart.shop.tutti", DnsClient.Srv)]
    [InlineData("a.b.c.cart.shop.tutti", DnsClient.A)]
    [InlineData("nobody.shop.tutti", DnsClient.Any)]
    public async Task Unknown_names_are_NXDOMAIN_with_the_SOA(string name, int type)
    {
        await using var shop = ShopView.Started();
        var reply = await DnsClient.AskAsync(shop.Dns, name, type);

        Assert.Equal(3, reply.Code);
        Assert.True(reply.IsAuthoritative);
        Assert.Empty(reply.Answers);
        Assert.Equal(("tutti.", Soa), (reply.Authority.Single().Owner, reply.Authority.Single().Data));
    }

    [Theory]
    [InlineData("cart.shop.tutti", DnsClient.A)] // declared, nothing in Run yet
    [InlineData("cart.shop.tutti", DnsClient.Txt)]
    [InlineData("idle.shop.tutti", DnsClient.Aaaa)]
    [InlineData("quiet.shop.tutti", DnsClient.Srv)]
    [InlineData("_http._tcp.cart.shop.tutti", DnsClient.Srv)]
    [InlineData("_http._tcp.cart.shop.tutti", DnsClient.A)]
    [InlineData("_tcp.cart.shop.tutti", DnsClient.A)]
    [InlineData("shop.tutti", DnsClient.A)]
    [InlineData("tutti", DnsClient.A)]
    [InlineData("vat.shop.tutti", DnsClient.Aaaa)]
    public async Task Known_names_without_that_type_are_NODATA_with_the_SOA(string name, int type)
    {
        await using var shop = ShopView.Started();
        var reply = await DnsClient.AskAsync(shop.Dns, name, type);

        Assert.Equal(0, reply.Code);
        Assert.True(reply.IsAuthoritative);
        Assert.Empty(reply.Answers);
        Assert.Equal((DnsClient.Soa, Soa), (reply.Authority.Single().Type, reply.Authority.Single().Data));
    }

    [Fact]
    public async Task The_apex_has_SOA_and_NS_and_the_name_server_an_address()
    {
        await using var shop = ShopView.Started();
        Assert.Equal([Soa], (await DnsClient.AskAsync(shop.Dns, "tutti", DnsClient.Soa)).Data(DnsClient.Soa));
        var ns = await DnsClient.AskAsync(shop.Dns, "tutti", DnsClient.Ns);
        Assert.Equal(["ns.tutti."], ns.Data(DnsClient.Ns));
        Assert.Equal("127.0.0.1", ns.Additional.Single().Data);
        Assert.Equal(["127.0.0.1"], (await DnsClient.AskAsync(shop.Dns, "ns.tutti", DnsClient.A)).Data(DnsClient.A));
    }

    [Fact]
    public async Task ANY_gets_the_minimal_answer()
    {
        await using var shop = ShopView.Started();
        shop.Commit(ShopView.Cart("cart-a"));
        var reply = await DnsClient.AskAsync(shop.Dns, "cart.shop.tutti", DnsClient.Any);
        Assert.Equal("07" + Convert.ToHexString("RFC8482"u8) + "00", reply.Answers.Single().Data);
        Assert.Equal(DnsClient.Hinfo, reply.Answers.Single().Type);
    }

    [Theory]
    [InlineData("example.org", DnsClient.A, 1)]
    [InlineData(".", DnsClient.Ns, 1)]
    [InlineData("cart.shop.tutti.example", DnsClient.A, 1)]
    [InlineData("cart.shop.tutti", DnsClient.Axfr, 1)]
    [InlineData("cart.shop.tutti", DnsClient.A, 3)]
    public async Task What_is_not_served_here_is_REFUSED(string name, int type, int recordClass)
    {
        await using var shop = ShopView.Started();
        var reply = await DnsClient.UdpAsync(shop.Dns, DnsClient.Query(name, type, recordClass: recordClass));
        Assert.Equal(5, reply.Code);
        Assert.False(reply.IsAuthoritative);
        Assert.Empty(reply.Authority);
    }

    [Fact]
    public async Task Case_does_not_matter_and_is_kept()
    {
        await using var shop = ShopView.Started();
        shop.Commit(ShopView.Cart("cart-a"));
        var reply = await DnsClient.AskAsync(shop.Dns, "_HtTp._tCP.CaRt.ShOp.tUtTi", DnsClient.Srv);
        Assert.Equal("_HtTp._tCP.CaRt.ShOp.tUtTi.", reply.QuestionName);
        Assert.Equal("_HtTp._tCP.CaRt.ShOp.tUtTi.", reply.Answers.Single().Owner);
        Assert.Equal("0 1 20001 cart-a.CaRt.ShOp.tUtTi.", reply.Answers.Single().Data);
        Assert.Equal(["10.0.0.1"], (await DnsClient.AskAsync(shop.Dns, "CART-A.cart.SHOP.tutti", DnsClient.A)).Data(DnsClient.A));
    }

    [Theory]
    [InlineData("cart.shop.tutti", DnsClient.A)]
    [InlineData("_http._tcp.cart.shop.tutti", DnsClient.Srv)]
    public async Task Answers_come_in_changing_order(string name, int type)
    {
        await using var shop = ShopView.Started();
        shop.Commit([.. Enumerable.Range(0, 4).SelectMany(i => new object[] { ShopView.Node($"m{i}", $"10.0.1.{i}"), ShopView.Cart($"cart-{i}", $"m{i}") })]);
        var orders = new HashSet<string>();
        for (var i = 0; i < 2000 && orders.Count < 24; i++)
        {
            orders.Add(string.Join(' ', (await DnsClient.AskAsync(shop.Dns, name, type)).Data(type)));
        }

        Assert.Equal(24, orders.Count); // all of 4!
    }
}
