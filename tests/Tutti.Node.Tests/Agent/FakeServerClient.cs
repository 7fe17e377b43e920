using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Tutti.Model.Agents;
using Tutti.Model.Discovery;
using Tutti.Node.Protocol;

namespace Tutti.Node.Tests.Agent;

/// <summary>A server that answers as the test says.</summary>
internal sealed class FakeServerClient : IServerClient
{
    private volatile bool _down;
    private volatile Channel<AssignmentEvent> _watch = Channel.CreateUnbounded<AssignmentEvent>();

    public Func<NodeRegistration, RegistrationReply> OnRegister { get; set; } = _ => new RegistrationReply
    {
        ClusterId = "cluster-1",
        Lease = TimeSpan.FromSeconds(10),
        Heartbeat = TimeSpan.FromSeconds(2),
    };

    public Func<NodeReport, ReportReply> OnReport { get; set; } = _ => new ReportReply { Known = true };

    public ConcurrentQueue<NodeRegistration> Registrations { get; } = new();

    public ConcurrentQueue<NodeReport> Reports { get; } = new();

    public ConcurrentQueue<long?> Watches { get; } = new();

    public ConcurrentQueue<string> EndpointWatches { get; } = new();

    public ConcurrentDictionary<string, string> LogsSent { get; } = new();

    public bool Down
    {
        get => _down;
        set
        {
            _down = value;
            if (value)
            {
                var ended = _watch;
                _watch = Channel.CreateUnbounded<AssignmentEvent>();
                ended.Writer.Complete(new ServerUnreachableException("the server is down"));
            }
        }
    }

    public void Say(AssignmentEvent said) => Assert.True(_watch.Writer.TryWrite(said));

    public void EndWatch(Exception with)
    {
        var ended = _watch;
        _watch = Channel.CreateUnbounded<AssignmentEvent>();
        ended.Writer.Complete(with);
    }

    public Task<RegistrationReply> RegisterAsync(NodeRegistration registration, CancellationToken ct)
    {
        Registrations.Enqueue(registration);
        Check();
        return Task.FromResult(OnRegister(registration));
    }

    public Task<ReportReply> ReportAsync(string node, NodeReport report, CancellationToken ct)
    {
        Check();
        Reports.Enqueue(report);
        return Task.FromResult(OnReport(report));
    }

    public async IAsyncEnumerable<AssignmentEvent> WatchAssignmentsAsync(string node, string session, long? after, [EnumeratorCancellation] CancellationToken ct)
    {
        Check();
        Watches.Enqueue(after);
        await foreach (var said in _watch.Reader.ReadAllAsync(ct))
        {
            yield return said;
        }
    }

    public async IAsyncEnumerable<ServiceEndpoints> WatchEndpointsAsync(string architecture, long? after, [EnumeratorCancellation] CancellationToken ct)
    {
        Check();
        EndpointWatches.Enqueue(architecture);
        yield return new ServiceEndpoints { Architecture = architecture, Service = "cart", Revision = 5 };
        await Task.Delay(Timeout.Infinite, ct);
    }

    public Task<Stream> DownloadAsync(string digest, CancellationToken ct) => throw new ServerUnreachableException("nothing to download");

    public async Task SendLogAsync(string node, string stream, IAsyncEnumerable<string> lines, CancellationToken ct)
    {
        Check();
        LogsSent[stream] = string.Join('\n', await lines.ToArrayAsync(ct));
    }

    private void Check()
    {
        if (_down)
        {
            throw new ServerUnreachableException("the server is down");
        }
    }
}
