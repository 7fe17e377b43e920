using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tutti.Server.Api;
using Tutti.Server.Architectures;
using Tutti.Server.Blobs;
using Tutti.Server.Discovery;
using Tutti.Server.Events;
using Tutti.Server.Instances;
using Tutti.Server.Nodes;
using Tutti.Server.Operations;
using Tutti.Server.Security;
using Tutti.Server.Services;
using Tutti.Server.Status;
using Tutti.Server.Streams;
using Tutti.Server.Transitions;
using Tutti.Server.Versions;

namespace Tutti.Server.Hosting;

/// <summary>The HTTP API over a control loop, listening.</summary>
internal sealed class ApiServer : IAsyncDisposable
{
    private const int MostConnections = 20_000;
    private static readonly TimeSpan _drain = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;
    private readonly ServerContext _context;
    private readonly AlertWebhooks _webhooks;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _background;

    private ApiServer(WebApplication app, ServerContext context, ApiOptions options)
    {
        _app = app;
        _context = context;
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Tutti.Server");
        _webhooks = new AlertWebhooks(context.Control.View, options.Folder.WebhookPosition, options.WebhookWait, logger);
        var follower = new ViewFollower(context.Control.View, [context.Endpoints, context.Nodes, context.Journal], context.Streams, logger);
        _background = Task.WhenAll(Task.Run(() => follower.RunAsync(_stopping.Token)), Task.Run(() => _webhooks.RunAsync(_stopping.Token)));
    }

    /// <summary>Where it listens, with the real port.</summary>
    public required string Url { get; init; }

    /// <summary>Faults when what feeds the watches or the webhooks breaks.</summary>
    public Task Background => _background;

    /// <summary>Open watches.</summary>
    public int Watches => _context.Streams.Count;

    /// <exception cref="ServerStartException">The address is in use or cannot be used.</exception>
    public static async Task<ApiServer> StartAsync(ApiOptions options, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = options.Folder.Path });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            kestrel.Limits.MaxRequestBodySize = BodyBound.Small.Bytes;
            kestrel.Listen(options.Listen);
        });
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = _drain);
        builder.Services.Configure<RouteHandlerOptions>(route => route.ThrowOnBadRequest = true);
        builder.Services.AddRoutingCore();
        builder.Services.AddApiDescription();
        builder.Services.AddSingleton(options.Logging);
        var app = builder.Build();
        var context = CreateContext(options);
        Map(app, context, options);
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await app.DisposeAsync();
            throw new ServerStartException(Explain(options.Listen, e), e);
        }

        var bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new ApiServer(app, context, options)
        {
            Url = ListenAddress.UrlOf(new IPEndPoint(options.Listen.Address, new Uri(bound).Port)),
        };
    }

    /// <summary>Ends the watches, stops listening, and gives open requests a moment.</summary>
    public async ValueTask DisposeAsync()
    {
        _context.Streams.EndAll();
        await _stopping.CancelAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _background.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        _webhooks.Dispose();
        _context.Streams.Dispose();
        _stopping.Dispose();
    }

    private static ServerContext CreateContext(ApiOptions options)
    {
        var view = options.Control.View;
        var logger = options.Logging.CreateLogger("Tutti.Server");
        return new ServerContext
        {
            Control = options.Control,
            Commands = new Loop.CommandDoor(options.Control),
            Options = options.Loop,
            Blobs = options.Blobs ?? new BlobFolder(options.Folder.Blobs),
            BlobBound = options.BlobBound,
            Streams = new EventStreams(options.Comment),
            Endpoints = new EndpointHub(view),
            Nodes = new NodeHub(view, logger),
            Journal = new JournalHub(view),
            Logs = new LogRelay(options.AgentPatience),
            Started = DateTimeOffset.UtcNow,
            Dns = options.Dns,
            ReadManifest = options.ReadManifest,
            ReadReleases = options.ReadReleases,
            CompareSpecs = options.CompareSpecs,
        };
    }

    private static void Map(WebApplication app, ServerContext context, ApiOptions options)
    {
        var shell = new ProblemShell(options.Logging.CreateLogger("Tutti.Server"));
        var gate = new AccessGate(options.Folder.Token, IPAddress.IsLoopback(options.Listen.Address));
        app.Use((HttpContext http, RequestDelegate next) => shell.InvokeAsync(http, next));
        app.UseRouting();
        app.Use((HttpContext http, RequestDelegate next) => gate.InvokeAsync(http, next));
        app.MapOpenApi("/api/openapi.json");
        var api = app.MapGroup("/api");
        api.MapStatus(context);
        api.MapApply(context);
        api.MapArchitectures(context);
        api.MapSets(context);
        api.MapBlame(context);
        api.MapReleases(context);
        api.MapServices(context);
        api.MapDiscovery(context);
        api.MapInstances(context);
        api.MapOperations(context);
        api.MapTransitions(context);
        api.MapRollback(context);
        api.MapEvents(context);
        api.MapNodes(context);
        api.MapAgents(context);
        api.MapBlobs(context);
        app.UseEndpoints(_ => { });
    }

    private static string Explain(IPEndPoint listen, Exception e) => e.InnerException is AddressInUseException
        ? $"{listen} is in use by another process{PortOwner.Describe(listen.Port)}; choose another with --listen http://{new IPEndPoint(listen.Address, 0)}"
        : $"cannot listen on {listen}: {e.Message.TrimEnd('.')}; choose another address with --listen http://127.0.0.1:0";

    /// <summary>Signals are for whoever runs the server, not for the web host inside it.</summary>
    private sealed class QuietLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
