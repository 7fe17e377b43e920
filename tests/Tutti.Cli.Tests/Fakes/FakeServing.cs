using System.Collections.Concurrent;
using System.Text.Json;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Serving;
using Tutti.Model;
using Tutti.Model.Lifecycle;
using Tutti.Node.Agent;
using Tutti.Server;

namespace Tutti.Cli.Tests.Fakes;

/// <summary>Servers and agents that are not there, in front of one canned architecture that comes up at once and goes down when it is deleted.</summary>
internal sealed class FakeServing(FakeServer canned) : IServing
{
    private readonly ConcurrentQueue<string> _story = new();
    private volatile bool _running = true;

    /// <summary>What was started and ended, in order.</summary>
    public IReadOnlyList<string> Story => [.. _story];

    public TaskCompletionSource ServerEnd { get; } = new();

    /// <summary>Set: the server refuses to start with this message.</summary>
    public string? ServerRefusal { get; init; }

    /// <summary>False: instances never stop.</summary>
    public bool Stops { get; init; } = true;

    /// <summary>Instances that StopAll finds.</summary>
    public int Leftovers { get; init; }

    public ServerOptions? ServerOptions { get; private set; }

    public AgentOptions? AgentOptions { get; private set; }

    public Task<IRunningServer> StartServerAsync(ServerOptions options, CancellationToken cancellation)
    {
        ServerOptions = options;
        if (ServerRefusal is not null)
        {
            throw CliException.Failed(ServerRefusal);
        }

        canned.WithDocuments().AcceptBlobs().On("POST /api/apply", Documents.Change());
        canned.On("GET /api/instances", _ => (200, JsonSerializer.Serialize(_running ? new[] { Documents.Instance() } : [], TuttiJson.Options)));
        canned.On("DELETE /api/architectures/shop", _ =>
        {
            _story.Enqueue("destroy shop");
            _running = !Stops;
            return (200, JsonSerializer.Serialize(Documents.Change(), TuttiJson.Options));
        });
        _story.Enqueue("server");
        return Task.FromResult<IRunningServer>(new RunningServer(this, canned.Url));
    }

    public Task<IRunningAgent> StartAgentAsync(AgentOptions options, CancellationToken cancellation)
    {
        AgentOptions = options;
        _story.Enqueue("agent");
        return Task.FromResult<IRunningAgent>(new RunningAgent(this));
    }

    public Task<int> StopAllAsync(string agentFolder, bool atOnce, CancellationToken cancellation)
    {
        _story.Enqueue($"stop all in {Path.GetFileName(agentFolder)}{(atOnce ? " at once" : "")}");
        return Task.FromResult(Leftovers);
    }

    private sealed class RunningServer(FakeServing serving, string url) : IRunningServer
    {
        public string Url => url;

        public string? Dns => null;

        public string Token => "secret";

        public Task Completion => serving.ServerEnd.Task;

        public ValueTask DisposeAsync()
        {
            serving._story.Enqueue("server ends");
            return ValueTask.CompletedTask;
        }
    }

    private sealed class RunningAgent(FakeServing serving) : IRunningAgent
    {
        public string Name => "here";

        public Task Completion { get; } = new TaskCompletionSource().Task;

        public ValueTask DisposeAsync()
        {
            serving._story.Enqueue("agent ends");
            return ValueTask.CompletedTask;
        }
    }
}
