using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Tutti.Model.Agents;
using Tutti.Model.Discovery;
using Tutti.Model.Manifest;
using Tutti.Model.Traffic;
using Tutti.Model.Versions;
using Tutti.Node.Ports;
using Tutti.Node.Runtimes;
using Tutti.Node.Tests.Runtimes;
using Tutti.Node.Upstreams;

namespace Tutti.Node.Tests.Upstreams;

public sealed class UpstreamListenersTests : IAsyncLifetime
{
    private const string ConsumerKey = "shop/web-1";
    private static readonly Consumer _consumer = new(ConsumerKey, "shop", "web", ReleaseVersion.Parse("1.2.0"));
    private static readonly UpstreamAssignment _cart = new() { Service = "cart", Port = "http", Protocol = PortProtocol.Tcp };
    private readonly UpstreamListeners _upstreams = new();
    private readonly EchoServer _a = new("a");
    private readonly EchoServer _b = new("b");
    private long _revision;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _upstreams.DisposeAsync();
        _a.Dispose();
        _b.Dispose();
    }

    [Fact]
    public async Task Carries_100_MiB_both_ways_and_passes_on_the_end()
    {
        Apply(_a);
        using var client = await Connect(Open());
        Assert.Equal("a", await Greeting(client));
        var stream = client.GetStream();
        const int Size = 100 * 1024 * 1024;
        using var sent = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var got = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var sending = Task.Run(async () =>
        {
            var block = new byte[1 << 20];
            for (var i = 0; i < Size; i += block.Length)
            {
                RandomNumberGenerator.Fill(block);
                sent.AppendData(block);
                await stream.WriteAsync(block);
            }

            client.Client.Shutdown(SocketShutdown.Send);
        });
        var buffer = new byte[1 << 18];
        long total = 0;
        var tail = "";
        while (await stream.ReadAsync(buffer).AsTask().Soon() is > 0 and var read)
        {
            var content = (int)Math.Min(read, Size - total);
            got.AppendData(buffer, 0, content);
            tail += Encoding.ASCII.GetString(buffer, content, read - content);
            total += content;
        }

        await sending.Soon();
        Assert.Equal(Size, total);
        Assert.Equal(".", tail); // The provider answered after the consumer had ended its side.
        Assert.Equal(sent.GetHashAndReset(), got.GetHashAndReset());
        await Eventually.True(() => Traffic().Open == 0, "the connection is closed");
        Assert.Equal((ConsumerKey, "cart", 1, 0, Size, Size + 2), (Traffic().Consumer, Traffic().Provider, Traffic().Connections, Traffic().Refused, Traffic().BytesSent, Traffic().BytesReceived));
    }

    [Fact]
    public async Task Follows_discovery_and_lets_connections_drain()
    {
        Apply(_a);
        var address = Open();
        using var old = await Connect(address);
        Assert.Equal("a", await Greeting(old));

        Apply(_b);
        using var next = await Connect(address);
        Assert.Equal("b", await Greeting(next));
        await old.GetStream().WriteAsync("still"u8.ToArray());
        Assert.Equal("still", await Read(old, 5));
    }

    [Fact]
    public async Task An_older_list_and_another_port_or_architecture_change_nothing()
    {
        Apply(_a);
        var address = Open();
        _upstreams.Apply(List(0, _b));
        _upstreams.Apply(List(99, _b) with { Architecture = "shop-staging" });
        using var client = await Connect(address);
        Assert.Equal("a", await Greeting(client));
        _upstreams.Apply(List(100, _b) with { Endpoints = [At(_b.Port, "x") with { Port = "admin" }] });
        await Broken(address);
    }

    [Fact]
    public async Task Tries_the_next_endpoint_where_one_refuses()
    {
        int dead;
        using (var gone = new EchoServer("gone"))
        {
            dead = gone.Port;
        }

        _upstreams.Apply(List(1, _a) with { Endpoints = [At(dead, "dead"), At(_a.Port, "a")] });
        var address = Open();
        for (var i = 0; i < 10; i++)
        {
            using var client = await Connect(address);
            Assert.Equal("a", await Greeting(client));
        }

        Assert.Equal(10, Traffic().Connections);
    }

    [Fact]
    public async Task Breaks_the_connection_where_there_is_no_endpoint()
    {
        Apply();
        await Broken(Open());
        Assert.Equal(1, Traffic().Refused);
    }

    [Fact]
    public async Task Spreads_connections_by_the_fewest_that_are_open()
    {
        Apply(_a, _b);
        var address = Open();
        var clients = new List<TcpClient>();
        for (var i = 0; i < 20; i++)
        {
            clients.Add(await Connect(address));
            await Greeting(clients[^1]);
        }

        Assert.Equal((10, 10), (_a.Accepted, _b.Accepted));
        clients.ForEach(c => c.Dispose());
        await Eventually.True(() => Traffic().Open == 0, "all connections are closed");
    }

    [Fact]
    public async Task A_version_gets_its_share_of_every_hundred_connections()
    {
        _upstreams.Apply(List(1) with
        {
            Endpoints =
            [
                At(_a.Port, "a") with { Version = ReleaseVersion.Parse("2.3.0"), Share = 7 },
                At(_b.Port, "b") with { Version = ReleaseVersion.Parse("2.2.0") },
            ],
        });
        var address = Open();
        for (var i = 0; i < 100; i++)
        {
            using var client = await Connect(address);
            await Greeting(client);
        }

        Assert.Equal((7, 93), (_a.Accepted, _b.Accepted));
    }

    [Fact]
    public async Task A_provider_that_dies_breaks_the_consumers_connection()
    {
        var server = new EchoServer("c");
        Apply(server);
        using var client = await Connect(Open());
        Assert.Equal("c", await Greeting(client));
        server.Dispose();
        await EndsSoon(client);
    }

    [Fact]
    public async Task Closing_ends_the_consumers_connections_and_frees_its_address()
    {
        Apply(_a);
        var address = Open();
        using var client = await Connect(address);
        await Greeting(client);
        _upstreams.Close(ConsumerKey);
        await EndsSoon(client);
        await Assert.ThrowsAsync<SocketException>(() => Connect(address));
        Assert.Empty(_upstreams.Traffic());
        _upstreams.Close(ConsumerKey);
    }

    [Fact]
    public async Task Takes_the_same_address_again_for_an_adopted_instance()
    {
        Apply(_a);
        var before = Open();
        using (var client = await Connect(before))
        {
            await Greeting(client);
            await _upstreams.DisposeAsync();
        }

        await using var next = new UpstreamListeners();
        next.Apply(List(1, _b));
        var previous = ImmutableSortedDictionary<string, int>.Empty.Add("cart", before.Port);
        Assert.Equal(before, next.Open(_consumer, [_cart], previous)["cart"]);
        using var again = await Connect(before);
        Assert.Equal("b", await Greeting(again));

        await using var third = new UpstreamListeners();
        var refusal = Assert.Throws<LaunchException>(() => third.Open(_consumer, [_cart], previous));
        Assert.StartsWith($"the address 127.0.0.1:{before.Port} of upstream 'cart' is in use by another process (pid {Environment.ProcessId} ", refusal.Message);
    }

    [Fact]
    public async Task External_services_have_an_address_too()
    {
        var addresses = _upstreams.Open(
            _consumer,
            [
                new UpstreamAssignment { Service = "tax", Port = "http", Protocol = PortProtocol.Tcp, ExternalUrl = "https://tax.example/v1" },
                new UpstreamAssignment { Service = "old", Port = "http", Protocol = PortProtocol.Tcp, ExternalUrl = $"http://localhost:{_a.Port}/api" },
                new UpstreamAssignment { Service = "queue", Port = "tcp", Protocol = PortProtocol.Tcp, ExternalUrl = $"tcp://127.0.0.1:{_b.Port}" },
            ],
            null);
        Assert.Equal(new UpstreamAddress("https://tax.example/v1", "tax.example", 443), addresses["tax"]);
        Assert.Equal($"http://127.0.0.1:{addresses["old"].Port}/api", addresses["old"].Url);
        Assert.Equal($"tcp://127.0.0.1:{addresses["queue"].Port}", addresses["queue"].Url);
        using var old = await Connect(addresses["old"]);
        using var queue = await Connect(addresses["queue"]);
        Assert.Equal(("a", "b"), (await Greeting(old), await Greeting(queue)));
    }

    [Fact]
    public async Task Takes_its_ports_from_the_nodes_range_and_gives_them_back()
    {
        var ports = new PortAllocator(20000, 32767);
        await using var upstreams = new UpstreamListeners(ports);
        var address = upstreams.Open(_consumer, [_cart with { Protocol = PortProtocol.Tcp }], null)["cart"];
        Assert.InRange(address.Port, 20000, 32767);
        Assert.Equal($"tcp://127.0.0.1:{address.Port}", address.Url);
        Assert.Throws<LaunchException>(() => ports.Take(address.Port));
        upstreams.Close(ConsumerKey);
        Assert.Equal(address.Port, ports.Take(address.Port));
    }

    [Fact]
    public void Opens_all_or_nothing()
    {
        Assert.Throws<LaunchException>(() => _upstreams.Open(_consumer, [_cart, new UpstreamAssignment { Service = "bad", Port = "http", ExternalUrl = "nonsense" }], null));
        Assert.Empty(_upstreams.Traffic());
    }

    private static async Task Broken(UpstreamAddress address)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(address.Host, address.Port).Soon();
            await EndsSoon(client);
        }
        catch (SocketException)
        {
            // The reset came while connecting.
        }
    }

    private static async Task EndsSoon(TcpClient client)
    {
        try
        {
            Assert.Equal(0, await client.GetStream().ReadAsync(new byte[1]).AsTask().Soon());
        }
        catch (IOException)
        {
            // A reset is an end too.
        }
    }

    private static async Task<TcpClient> Connect(UpstreamAddress address)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Parse(address.Host), address.Port).Soon();
        return client;
    }

    private static Task<string> Greeting(TcpClient client) => Read(client, 1);

    private static async Task<string> Read(TcpClient client, int count)
    {
        var buffer = new byte[count];
        await client.GetStream().ReadExactlyAsync(buffer).AsTask().Soon();
        return Encoding.ASCII.GetString(buffer);
    }

    private static Endpoint At(int port, string instance) => new() { Instance = instance, Port = "http", Address = "127.0.0.1", Number = port };

    private static ServiceEndpoints List(long revision, params EchoServer[] servers) => new()
    {
        Architecture = "shop",
        Service = "cart",
        Revision = revision,
        Endpoints = [.. servers.Select(s => At(s.Port, s.Name))],
    };

    private void Apply(params EchoServer[] servers) => _upstreams.Apply(List(++_revision, servers));

    private UpstreamAddress Open() => _upstreams.Open(_consumer, [_cart], null)["cart"];

    private UpstreamTraffic Traffic() => Assert.Single(_upstreams.Traffic());
}
