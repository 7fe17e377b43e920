using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Tutti.Control.State;
using Tutti.Model.Agents;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;
using Tutti.Model.Quantities;
using Tutti.Model.Versions;
using Tutti.Server.Dns;

namespace Tutti.Server.Tests.Dns;

/// <summary>A committed state of the architecture <c>shop</c> that a test changes, and a DNS server over it.</summary>
internal sealed class ShopView : IAsyncDisposable
{
    private readonly Dictionary<DocumentKey, object> _documents = [];
    private DnsServer? _server;
    private long _revision;

    public ShopView(int watcherQueue = 64) => View = new ClusterView(64, watcherQueue);

    public ClusterView View { get; }

    public DnsServer Server => _server ??= DnsServer.Start(new IPEndPoint(IPAddress.Loopback, 0), View, NullLogger.Instance);

    public IPEndPoint Dns => Server.Endpoint;

    /// <summary>Services cart (http and admin), quiet (no port), tax and vat (external), idle (nothing runs); nodes n1, n2 (IPv4), n6 (IPv6) and host (a name).</summary>
    public static ShopView Started(int watcherQueue = 64)
    {
        var shop = new ShopView(watcherQueue);
        shop.Commit(
            Set(1, Spec("cart", "http", "admin"), Spec("idle", "http"), Spec("quiet"), External("tax", "https://tax.example/v1"), External("vat", "http://192.0.2.9:81")),
            new Architecture { Name = "shop", CurrentSet = 1, LastSet = 1 },
            Node("n1", "10.0.0.1"),
            Node("n2", "10.0.0.2"),
            Node("n6", "2001:db8::6"),
            Node("host", "box.example"));
        return shop;
    }

    public static VersionSet Set(int number, params (string Name, ServiceSpec Spec)[] services) => new()
    {
        Architecture = "shop",
        Number = number,
        Author = "test",
        Time = DateTimeOffset.UnixEpoch,
        Message = "",
        ContentHash = "",
        Spec = new ArchitectureSpec { Name = "shop", Services = services.ToImmutableSortedDictionary(each => each.Name, each => each.Spec) },
    };

    public static (string Name, ServiceSpec Spec) Spec(string name, params string[] ports) =>
        (name, new ServiceSpec { Version = ReleaseVersion.Parse("1.0.0"), Ports = ports.ToImmutableSortedDictionary(port => port, _ => new PortSpec()) });

    public static (string Name, ServiceSpec Spec) External(string name, string url) => (name, new ServiceSpec { External = new ExternalSpec { Url = url } });

    public static Node Node(string name, string address) => new()
    {
        Name = name,
        Status = NodeStatus.Ready,
        Since = DateTimeOffset.UnixEpoch,
        Session = "s",
        Address = address,
        Capacity = new NodeCapacity(new Cpu(1000), ByteSize.FromMebibytes(1024)),
    };

    public static Instance Cart(string id, string node = "n1", int port = 20001, InstancePhase phase = InstancePhase.Run) => new()
    {
        Id = id,
        Architecture = "shop",
        Service = "cart",
        Version = ReleaseVersion.Parse("1.0.0"),
        Set = 1,
        Template = "t",
        Node = node,
        Phase = phase,
        Since = DateTimeOffset.UnixEpoch,
        Created = DateTimeOffset.UnixEpoch,
        Ports = ImmutableSortedDictionary<string, int>.Empty.Add("http", port),
    };

    /// <summary>Commits documents as one batch.</summary>
    public void Commit(params object[] documents) => Publish(documents.Select(document => (DocumentKinds.KeyOf(document), (object?)document)));

    /// <summary>Removes documents as one batch.</summary>
    public void Remove(params object[] documents) => Publish(documents.Select(document => (DocumentKinds.KeyOf(document), (object?)null)));

    /// <summary>Asks until the answer is as it should be; fails with the last answer after ten seconds.</summary>
    public async Task<DnsReply> EventuallyAsync(string name, int type, Func<DnsReply, bool> expected)
    {
        var deadline = DateTime.UtcNow.AddSeconds(10);
        while (true)
        {
            var reply = await DnsClient.AskAsync(Dns, name, type);
            if (expected(reply))
            {
                return reply;
            }

            Assert.True(DateTime.UtcNow < deadline, $"{name} still answers {reply.Code} [{string.Join(", ", reply.Answers)}]");
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private void Publish(IEnumerable<(DocumentKey Key, object? After)> documents)
    {
        var changes = ImmutableArray.CreateBuilder<Change>();
        foreach (var (key, after) in documents)
        {
            changes.Add(new Change(key, _documents.GetValueOrDefault(key), after));
            if (after is null)
            {
                _documents.Remove(key);
            }
            else
            {
                _documents[key] = after;
            }
        }

        View.Publish(new CommittedBatch(++_revision, changes.ToImmutable()));
    }
}
