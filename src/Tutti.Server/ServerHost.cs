using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Tutti.Control.Loop;
using Tutti.Server.Hosting;
using Tutti.Server.Loop;
using Tutti.Store;

namespace Tutti.Server;

/// <summary>How a server runs.</summary>
public sealed record ServerOptions
{
    /// <summary>Folder of the store, the blobs and the token; made where missing.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Address of the API. Default <c>http://127.0.0.1:7420</c>; port 0 picks a free one.</summary>
    public string Listen { get; init; } = "http://127.0.0.1:7420";

    /// <summary>Address of DNS, UDP and TCP. Default <c>127.0.0.1:8600</c>; port 0 picks a free one; null: no DNS.</summary>
    public string? Dns { get; init; } = "127.0.0.1:8600";

    /// <summary>Bounds and periods of the loop.</summary>
    public ControlOptions Control { get; init; } = new();
}

/// <summary>A server in this process.</summary>
public sealed class ServerHost : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _parts;
    private readonly ApiServer _api;
    private readonly DataFolder _folder;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerHost(Stack<IAsyncDisposable> parts, DataFolder folder, ControlLoop loop, ApiServer api, string? dns)
    {
        (_parts, _folder, Loop, _api, Dns) = (parts, folder, loop, api, dns);
        _ = WatchAsync(loop.Completion);
        _ = WatchAsync(api.Background);
    }

    /// <summary>Opens the store, starts the loop, listens.</summary>
    /// <exception cref="ServerStartException">It cannot: port in use, folder not writable, store failed. The message says which and the way out.</exception>
    public static async Task<ServerHost> StartAsync(ServerOptions options, CancellationToken cancellation = default)
    {
        var listen = ListenAddress.OfApi(options.Listen);
        var dnsListen = options.Dns is { } text ? ListenAddress.OfDns(text) : null;
        var parts = new Stack<IAsyncDisposable>();
        try
        {
            var folder = DataFolder.Open(options.DataFolder);
            parts.Push(new Part(folder));
            var logging = ServerLogging.Create();
            parts.Push(new Part(logging));
            var store = await Wiring.OpenStoreAsync(folder.Store, cancellation);
            parts.Push(store);
            var holder = $"{Environment.MachineName}/{Environment.ProcessId}";

            // Whoever hosts a server locks its data folder, so nobody else writes this file.
            var control = options.Control with { SoleServer = true };
            var loop = await ControlLoop.StartAsync(
                store, control, TimeProvider.System, Random.Shared.Next(), holder, logging.CreateLogger<ControlLoop>(), cancellation);
            parts.Push(loop);
            var dns = dnsListen is null ? null : StartDns(dnsListen, loop, logging, parts);
            var api = await ApiServer.StartAsync(
                new ApiOptions
                {
                    Folder = folder,
                    Control = new LoopControl(loop),
                    Listen = listen,
                    Logging = logging,
                    Dns = dns,
                    Loop = options.Control,
                    ReadManifest = Wiring.ReadManifest,
                    CompareSpecs = Wiring.CompareSpecs,
                },
                cancellation);
            parts.Push(api);
            return new ServerHost(parts, folder, loop, api, dns);
        }
        catch (Exception e)
        {
            await EndAsync(parts);
            if (e is StoreException)
            {
                throw new ServerStartException($"the store in {options.DataFolder} cannot be used: {e.Message}", e);
            }

            throw;
        }
    }

    /// <summary>Address of the API with the real port.</summary>
    public string Url => _api.Url;

    /// <summary>Address of DNS with the real port; null: none.</summary>
    public string? Dns { get; }

    /// <summary>What an agent must show; kept in <c>token</c> in the data folder, readable by the owner only.</summary>
    public string Token => _folder.Token;

    /// <summary>The loop.</summary>
    public ControlLoop Loop { get; }

    /// <summary>Completes when the server has ended; faulted when it did so by itself.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Stops listening, then the loop, then closes the store. Instances are left alone.</summary>
    public async ValueTask DisposeAsync()
    {
        await EndAsync(_parts);
        _completion.TrySetResult();
    }

    private static string StartDns(System.Net.IPEndPoint listen, ControlLoop loop, ILoggerFactory logging, Stack<IAsyncDisposable> parts)
    {
        try
        {
            var (server, endpoint) = Wiring.StartDns(listen, loop.View, logging.CreateLogger("Tutti.Server.Dns"));
            parts.Push(server);
            return endpoint.ToString();
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new ServerStartException(
                $"{listen} (DNS) is in use by another process{PortOwner.Describe(listen.Port)}; choose another with --dns 127.0.0.1:0, or none with --dns off", e);
        }
        catch (SocketException e)
        {
            throw new ServerStartException($"cannot answer DNS on {listen}: {e.Message}; choose another address with --dns 127.0.0.1:0, or none with --dns off", e);
        }
    }

    private static async Task EndAsync(Stack<IAsyncDisposable> parts)
    {
        while (parts.TryPop(out var part))
        {
            await part.DisposeAsync();
        }
    }

    private async Task WatchAsync(Task part)
    {
        try
        {
            await part;
        }
        catch (Exception e)
        {
            _completion.TrySetException(e);
        }
    }

    private sealed class Part(IDisposable inner) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            inner.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

/// <summary>A server cannot start; the message names the thing and the remedy.</summary>
public sealed class ServerStartException(string message, Exception? inner = null) : Exception(message, inner);
