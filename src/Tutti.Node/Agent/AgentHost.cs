using Microsoft.Extensions.Logging;
using Tutti.Node.Instances;
using Tutti.Node.Protocol;

namespace Tutti.Node.Agent;

/// <summary>An agent in this process.</summary>
public sealed partial class AgentHost : IAsyncDisposable
{
    /// <summary>How long the start waits for the first answer of the server; after that it goes on alone and keeps trying.</summary>
    private static readonly TimeSpan _firstAnswer = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _ended = new();
    private readonly AgentFolder _folder;
    private readonly AgentParts _parts;
    private readonly AgentLoop _loop;
    private readonly IDisposable? _client;

    private AgentHost(AgentContext context, AgentParts parts, AgentLoop loop)
    {
        Name = context.Name;
        (_folder, _parts, _loop, _client) = (context.Folder, parts, loop, context.Client as IDisposable);
        Completion = Task.Run(() => loop.RunAsync(_ended.Token));
    }

    /// <summary>The node's name.</summary>
    public string Name { get; }

    /// <summary>Completes when the agent has ended; faulted when it did so by itself.</summary>
    public Task Completion { get; }

    /// <summary>Opens the journal, adopts what still runs, and starts talking to the server; an unreachable server is retried for ever.</summary>
    /// <exception cref="AgentStartException">It cannot: folder not writable, wrong token, another cluster's journal.</exception>
    public static async Task<AgentHost> StartAsync(AgentOptions options, CancellationToken cancellation = default)
    {
        if (!Uri.TryCreate(options.Server, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            throw new AgentStartException($"'{options.Server}' is not the URL of a server; give one such as http://127.0.0.1:7420");
        }

        var client = new ServerClient(options.Server, options.Token, TimeProvider.System);
        try
        {
            return await StartAsync(options, client, AgentParts.Create, TimeProvider.System, cancellation);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Ends the agent and leaves the instances running, to be adopted by the next one.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_ended.IsCancellationRequested)
        {
            await _ended.CancelAsync();
            await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _loop.DisposeAsync();
            await _parts.DisposeAsync();
            _client?.Dispose();
            _folder.Dispose();
        }
    }

    /// <summary>Without a server: stops everything that the journal in this folder says may still run. Returns how many were stopped. At once: killed, without the signal and the grace of its manifest.</summary>
    /// <exception cref="AgentStartException">An agent still holds the folder, or its journal cannot be read.</exception>
    public static Task<int> StopAllAsync(string dataFolder, bool atOnce = false, CancellationToken cancellation = default) =>
        Cleanup.StopAllAsync(dataFolder, atOnce, AgentParts.CreateRuntime(TimeProvider.System), TimeProvider.System, cancellation);

    internal static async Task<AgentHost> StartAsync(
        AgentOptions options,
        IServerClient client,
        Func<AgentOptions, AgentFolder, IServerClient, TimeProvider, AgentParts> makeParts,
        TimeProvider time,
        CancellationToken cancellation)
    {
        var name = NodeName.Choose(options.Name);
        var folder = AgentFolder.Open(options.DataFolder);
        try
        {
            var wake = new Wake(time);
            var context = new AgentContext
            {
                Name = name,
                Session = Guid.NewGuid().ToString("N"),
                Client = client,
                Wake = wake,
                Link = new ServerLink(wake),
                Journal = Journal.Open(folder.Journal),
                Folder = folder,
                Time = time,
                Logger = options.Logging.CreateLogger("Tutti.Node"),
            };
            return await StartAsync(context, options, makeParts(options, folder, client, time), cancellation);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    private static async Task<AgentHost> StartAsync(AgentContext context, AgentOptions options, AgentParts parts, CancellationToken cancellation)
    {
        var loop = new AgentLoop(context, options, parts);
        try
        {
            await FirstContactAsync(context, loop, cancellation);
            await loop.AdoptAsync(cancellation);
            return new AgentHost(context, parts, loop);
        }
        catch
        {
            await loop.DisposeAsync();
            await parts.DisposeAsync();
            throw;
        }
    }

    private static async Task FirstContactAsync(AgentContext context, AgentLoop loop, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(_firstAnswer, context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        try
        {
            await loop.RegisterAsync(either.Token);
        }
        catch (ServerRefusedException e)
        {
            throw new AgentStartException($"cannot join as '{context.Name}': {e.Message}", e);
        }
        catch (ServerUnreachableException e)
        {
            Log.Alone(context.Logger, e.Message);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            Log.Alone(context.Logger, "no answer yet");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1000, LogLevel.Warning, "Started without the server ({Problem}); trying again")]
        public static partial void Alone(ILogger logger, string problem);
    }
}

/// <summary>An agent cannot start; the message names the thing and the remedy.</summary>
public sealed class AgentStartException(string message, Exception? inner = null) : Exception(message, inner);
