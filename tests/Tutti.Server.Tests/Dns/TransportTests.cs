using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Tutti.Server.Dns;

namespace Tutti.Server.Tests.Dns;

/// <summary>UDP, TCP, EDNS, truncation, and how a start fails.</summary>
public sealed class TransportTests
{
    [Fact]
    public async Task UDP_and_TCP_share_a_port_and_answer_alike()
    {
        await using var shop = ShopView.Started();
        shop.Commit(ShopView.Cart("cart-a"));
        var query = DnsClient.Query("cart.shop.tutti", DnsClient.A, id: 99);
        var udp = await DnsClient.UdpAsync(shop.Dns, query);
        var tcp = (await DnsClient.TcpAsync(shop.Dns, query)).Single();
        Assert.Equal(udp.Answers, tcp.Answers);
        Assert.Equal((99, 99), (udp.Id, tcp.Id));
        Assert.Equal(0x8500, udp.Flags); // answer, authoritative, recursion desired repeated and not available
    }

    [Fact]
    public async Task Several_queries_on_one_connection_are_answered_in_order()
    {
        await using var shop = ShopView.Started();
        var queries = Enumerable.Range(1, 50).Select(id => DnsClient.Query($"s{id}.shop.tutti", DnsClient.A, id: id)).ToArray();
        var replies = await DnsClient.TcpAsync(shop.Dns, queries);
        Assert.Equal(Enumerable.Range(1, 50), replies.Select(reply => reply.Id));
    }

    [Fact]
    public async Task A_query_may_arrive_byte_by_byte()
    {
        await using var shop = ShopView.Started();
        using var tcp = new TcpClient { NoDelay = true };
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await tcp.ConnectAsync(shop.Dns, deadline.Token);
        foreach (var each in DnsClient.Framed(DnsClient.Query("tutti", DnsClient.Soa)))
        {
            await tcp.GetStream().WriteAsync(new[] { each }, deadline.Token);
        }

        Assert.Single((await DnsClient.ReadAsync(tcp.GetStream(), deadline.Token)).Answers);
    }

    [Theory]
    [InlineData(null, 512)]
    [InlineData(100, 512)]
    [InlineData(1232, 1232)]
    [InlineData(65535, 4096)]
    public async Task An_answer_that_does_not_fit_is_truncated_and_whole_over_TCP(int? payload, int limit)
    {
        await using var shop = ShopView.Started();
        shop.Commit([.. Enumerable.Range(0, 200).Select(i => ShopView.Cart($"cart-{i}", "n1", 20000 + i))]);
        var query = DnsClient.Query("_http._tcp.cart.shop.tutti", DnsClient.Srv, payload);

        var udp = await DnsClient.UdpAsync(shop.Dns, query);
        Assert.True(udp.IsTruncated);
        Assert.InRange(udp.Size, limit - 60, limit);
        Assert.NotEmpty(udp.Answers);
        Assert.Equal(payload is not null, udp.Opt is not null);

        var tcp = (await DnsClient.TcpAsync(shop.Dns, query)).Single();
        Assert.False(tcp.IsTruncated);
        Assert.Equal(200, tcp.Answers.Count);
        Assert.Equal(200, tcp.Additional.Count);
    }

    [Fact]
    public async Task Every_payload_size_is_honoured_with_room_for_the_OPT_record()
    {
        await using var shop = ShopView.Started();
        shop.Commit([.. Enumerable.Range(0, 40).Select(i => ShopView.Cart($"cart-{i}", "n1", 20000 + i))]);
        for (var payload = 512; payload < 612; payload++)
        {
            var reply = await DnsClient.UdpAsync(shop.Dns, DnsClient.Query("_http._tcp.cart.shop.tutti", DnsClient.Srv, payload));
            Assert.NotNull(reply.Opt);
            Assert.InRange(reply.Size, payload - 70, payload);
        }
    }

    [Fact]
    public async Task Additional_records_that_do_not_fit_are_left_out_without_TC()
    {
        await using var shop = ShopView.Started();
        shop.Commit([.. Enumerable.Range(0, 9).Select(i => ShopView.Cart($"cart-{i}", "n1", 20000 + i))]);
        var reply = await DnsClient.AskAsync(shop.Dns, "_http._tcp.cart.shop.tutti", DnsClient.Srv);
        Assert.False(reply.IsTruncated);
        Assert.Equal(9, reply.Answers.Count);
        Assert.InRange(reply.Additional.Count, 0, 8);
    }

    [Fact]
    public async Task A_very_large_service_gets_a_random_choice()
    {
        await using var shop = ShopView.Started();
        shop.Commit([.. Enumerable.Range(0, 1000).Select(i => ShopView.Cart($"cart-{i}", "n1", 20000 + i))]);
        var query = DnsClient.Query("_http._tcp.cart.shop.tutti", DnsClient.Srv);
        var reply = (await DnsClient.TcpAsync(shop.Dns, query)).Single();
        Assert.Equal(256, reply.Answers.Select(record => record.Data).Distinct().Count());
        Assert.False(reply.IsTruncated);
    }

    [Fact]
    public async Task EDNS_is_answered_with_EDNS()
    {
        await using var shop = ShopView.Started();
        var with = await DnsClient.UdpAsync(shop.Dns, DnsClient.Query("cart.shop.tutti", DnsClient.A, payload: 1232, dnssec: true));
        Assert.Equal((0, 0u), (with.Code, with.Opt!.TimeToLive)); // version 0, DO clear
        Assert.Null((await DnsClient.AskAsync(shop.Dns, "cart.shop.tutti", DnsClient.A)).Opt);

        var newer = await DnsClient.UdpAsync(shop.Dns, DnsClient.Query("cart.shop.tutti", DnsClient.A, payload: 1232, ednsVersion: 0x0100 >> 8));
        Assert.Equal(16, newer.Code);
        Assert.Equal("cart.shop.tutti.", newer.QuestionName);
        Assert.Empty(newer.Authority);
    }

    [Fact]
    public async Task Bad_queries_are_told_so()
    {
        await using var shop = ShopView.Started();
        var good = DnsClient.Query("cart.shop.tutti", DnsClient.A);
        Assert.Equal(1, (await DnsClient.UdpAsync(shop.Dns, good[..^1])).Code);
        Assert.Equal(1, (await DnsClient.UdpAsync(shop.Dns, good[..12])).Code);
        Assert.Equal(1, (await DnsClient.UdpAsync(shop.Dns, [.. good, 0])).Code);
        Assert.Equal(4, (await DnsClient.UdpAsync(shop.Dns, DnsClient.Query("cart.shop.tutti", DnsClient.A, flags: 5 << 11))).Code);

        byte[] twoOpts = [.. DnsClient.Query("cart.shop.tutti", DnsClient.A, payload: 512), 0, 0, 41, 2, 0, 0, 0, 0, 0, 0, 0];
        twoOpts[11] = 2;
        Assert.Equal(1, (await DnsClient.UdpAsync(shop.Dns, twoOpts)).Code);
    }

    [Fact]
    public async Task Answers_are_not_answered()
    {
        await using var shop = ShopView.Started();
        using var udp = new UdpClient(AddressFamily.InterNetwork);
        udp.Connect(shop.Dns);
        await udp.SendAsync(DnsClient.Query("tutti", DnsClient.Soa, id: 1, flags: 0x8000));
        await udp.SendAsync(new byte[] { 1, 2, 3 });
        await udp.SendAsync(DnsClient.Query("tutti", DnsClient.Soa, id: 2));
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        Assert.Equal(2, new DnsReply((await udp.ReceiveAsync(deadline.Token)).Buffer).Id);
    }

    [Fact]
    public async Task The_129th_connection_is_closed_and_a_free_place_is_used_again()
    {
        await using var shop = ShopView.Started();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var query = DnsClient.Framed(DnsClient.Query("tutti", DnsClient.Soa));
        var held = new List<TcpClient>();
        try
        {
            for (var i = 0; i < TcpService.MaxConnections; i++)
            {
                held.Add(new TcpClient());
                await held[^1].ConnectAsync(shop.Dns, deadline.Token);
                await held[^1].GetStream().WriteAsync(query, deadline.Token);
                await DnsClient.ReadAsync(held[^1].GetStream(), deadline.Token);
            }

            Assert.False(await IsServedAsync(shop.Dns, query, deadline.Token));
            held[0].Dispose();
            while (!await IsServedAsync(shop.Dns, query, deadline.Token))
            {
                deadline.Token.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            held.ForEach(each => each.Dispose());
        }
    }

    [Fact]
    public async Task A_port_in_use_is_reported_and_a_closed_server_frees_it()
    {
        var shop = ShopView.Started();
        await using (shop)
        {
            var failure = Assert.Throws<SocketException>(() => DnsServer.Start(shop.Dns, shop.View, NullLogger.Instance));
            Assert.Equal(SocketError.AddressAlreadyInUse, failure.SocketErrorCode);
        }

        await using var again = DnsServer.Start(shop.Dns, shop.View, NullLogger.Instance);
        Assert.Equal(shop.Dns, again.Endpoint);
    }

    [Fact]
    public void A_port_in_use_for_UDP_alone_is_reported()
    {
        using var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        udp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var failure = Assert.Throws<SocketException>(() => DnsServer.Start((IPEndPoint)udp.LocalEndPoint!, ShopView.Started().View, NullLogger.Instance));
        Assert.Equal(SocketError.AddressAlreadyInUse, failure.SocketErrorCode);
    }

    private static async Task<bool> IsServedAsync(IPEndPoint server, byte[] query, CancellationToken cancellation)
    {
        using var tcp = new TcpClient();
        try
        {
            await tcp.ConnectAsync(server, cancellation);
            await tcp.GetStream().WriteAsync(query, cancellation);
            return await tcp.GetStream().ReadAsync(new byte[512], cancellation) > 0;
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            return false; // reset: closed before the query was read
        }
    }
}
