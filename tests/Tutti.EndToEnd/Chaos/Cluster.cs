using Tutti.EndToEnd.Sites;

namespace Tutti.EndToEnd.Chaos;

/// <summary>A server and an agent, each of which can be killed and started again.</summary>
internal sealed class Cluster(Site site)
{
    private const string Node = "node";
    private readonly int _port = Site.FreePort();
    private Child _server = null!;
    private Child? _agent;

    public async Task StartAsync()
    {
        _server = site.StartServer(_port);
        await ServerAnswersAsync();
        _agent = site.StartAgent(Node, _port);
    }

    public Task ServerAnswersAsync() => Until.NoProblemAsync("the server answers", async () =>
    {
        BothLive();
        await site.Api.NodesAsync();
        return null;
    });

    public async Task KillServerAsync()
    {
        await _server.Kill9Async();
        _server = site.StartServer(_port);
    }

    public async Task KillAgentAsync()
    {
        await _agent!.Kill9Async();
        _agent = site.StartAgent(Node, _port);
    }

    /// <summary>A server or agent that ended by itself is a failure, and says why.</summary>
    public void BothLive()
    {
        Assert.False(_server.HasEnded, _server.Said());
        Assert.False(_agent?.HasEnded ?? false, _agent?.Said());
    }

    /// <summary>Takes the architecture down and ends both in order.</summary>
    public async Task DownAsync()
    {
        (await site.RunAsync("destroy", "--yes")).Expect(0);
        await Until.NoProblemAsync("everything is down", async () =>
            await site.Api.InstancesAsync() is { Length: > 0 } left ? string.Join(' ', left.Select(each => each.Id)) : null);
        Assert.Empty(site.LiveInstances());
        foreach (var child in new[] { _agent!, _server })
        {
            Signals.Terminate(child.Pid);
            Assert.Equal(0, await child.EndAsync());
        }
    }
}
