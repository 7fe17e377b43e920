using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Shop.Hosting;

/// <summary>One running service: its routes, its health check at <c>/healthz</c> and its counts at <c>/stats</c>.</summary>
internal sealed class ShopApp
{
    private static readonly TimeSpan _stopWithin = TimeSpan.FromSeconds(8);
    private readonly WebApplication _app;
    private volatile bool _healthy = true;

    private ShopApp(Options options, WebApplication app)
    {
        Options = options;
        Record = Record.Open(options);
        _app = app;
    }

    /// <summary>What it was started as.</summary>
    public Options Options { get; }

    /// <summary>Its counts.</summary>
    public Stats Stats { get; } = new();

    /// <summary>What is to be counted after it is gone.</summary>
    public Record Record { get; }

    /// <summary>Ends when the program is asked to stop.</summary>
    public CancellationToken Stopping => _app.Lifetime.ApplicationStopping;

    /// <summary>Runs a service until it is told to stop; requests under way are finished. Returns the exit code.</summary>
    public static async Task<int> RunAsync(Options options, Action<ShopApp> open)
    {
        if (options.Faults.Crash)
        {
            Console.Error.WriteLine($"{options.Service} {options.Version}: crashing, as --crash asks");
            return ExitCodes.Crash;
        }

        await Task.Delay(options.Faults.StartDelay);
        ShopApp shop;
        try
        {
            shop = new ShopApp(options, Build(options));
            shop._app.Use(shop.HandleAsync);
            open(shop);
            shop._app.MapGet("/healthz", shop.HealthAsync);
            shop._app.MapGet("/stats", context => ReplyAsync(context, shop.Stats.Snapshot(options), ShopJson.Default.StatsDocument));
            shop._app.MapFallback(context => shop.RefuseAsync(context, HttpStatusCode.NotFound, $"{options.Service} {options.Version} has no {context.Request.Method} {context.Request.Path}"));
            await shop._app.StartAsync();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            Console.Error.WriteLine($"{options.Service} {options.Version}: cannot start: {failure.Message}");
            return ExitCodes.Crash;
        }

        Console.WriteLine($"{options.Service} {options.Version}: listening on {string.Join(' ', shop._app.Urls)}");
        shop.ArmFaults();
        await shop._app.WaitForShutdownAsync();
        Console.WriteLine($"{options.Service} {options.Version}: stopped");
        return ExitCodes.Done;
    }

    /// <summary>Answers a method and path.</summary>
    public void Map(HttpMethod method, string pattern, RequestDelegate handler) => _app.MapMethods(pattern, [method.Method], handler);

    /// <summary>A service that this one calls; its address is in the environment, as <c>CART_URL</c>.</summary>
    /// <exception cref="InvalidOperationException">The address is missing or none.</exception>
    public Upstream Upstream(string service)
    {
        var variable = $"{service.ToUpperInvariant()}_URL";
        return Uri.TryCreate(Environment.GetEnvironmentVariable(variable), UriKind.Absolute, out var address)
            ? new Upstream(service, address, Stats.Of(service), Record)
            : throw new InvalidOperationException($"the environment variable {variable} must hold the address of {service}");
    }

    /// <summary>Reads a JSON body.</summary>
    /// <exception cref="JsonException">It is not such a message.</exception>
    public static async Task<T> BodyAsync<T>(HttpContext context, JsonTypeInfo<T> type) =>
        await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted) ?? throw new JsonException("the body is null");

    /// <summary>Answers 200 with JSON, all of it in one write: who is killed has answered or has not.</summary>
    public static async Task ReplyAsync<T>(HttpContext context, T body, JsonTypeInfo<T> type)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, type);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    /// <summary>Answers a 4xx and counts an incompatible caller.</summary>
    public Task RefuseAsync(HttpContext context, HttpStatusCode status, string why)
    {
        Stats.Incompatible();
        Stats.LastFailure = why;
        Record.Add("incompatible", $"{context.Request.Method} {context.Request.Path}: {why}");
        context.Response.StatusCode = (int)status;
        return ReplyAsync(context, new Complaint(why), ShopJson.Default.Complaint);
    }

    private static WebApplication Build(Options options)
    {
        // No configuration files, no watching, no logging framework: a start takes a fraction of the usual.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Parse(options.Listen), options.Port);
        });
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = _stopWithin);
        builder.Services.AddSingleton<IHostLifetime, SignalLifetime>();
        return builder.Build();
    }

    private async Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            Stats.Request();
            await next(context);
        }
        catch (JsonException problem)
        {
            await RefuseAsync(context, HttpStatusCode.BadRequest, $"not a message of {Options.Service} {Options.Version}: {problem.Message}");
        }
        catch (Exception failure) when (failure is UpstreamException or IOException && !context.Response.HasStarted)
        {
            Stats.Failed();
            Stats.LastFailure = failure.Message;
            context.Response.StatusCode = (int)(failure is UpstreamException ? HttpStatusCode.BadGateway : HttpStatusCode.InternalServerError);
            await ReplyAsync(context, new Complaint(failure.Message), ShopJson.Default.Complaint);
        }
    }

    private Task HealthAsync(HttpContext context)
    {
        context.Response.StatusCode = _healthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return context.Response.WriteAsync(_healthy ? "ok" : "unhealthy, as asked");
    }

    private void ArmFaults()
    {
        if (Options.Faults.UnhealthyAfter is { } unhealthy)
        {
            _healthy = unhealthy > TimeSpan.Zero;
            _ = AfterAsync(unhealthy, () => _healthy = false);
        }

        if (Options.Faults.FailAfter is { } fail)
        {
            _ = AfterAsync(fail, () =>
            {
                Console.Error.WriteLine($"{Options.Service} {Options.Version}: failing, as --fail-after asks");
                Environment.Exit(ExitCodes.FailAfter);
            });
        }
    }

    private static async Task AfterAsync(TimeSpan delay, Action act)
    {
        await Task.Delay(delay);
        act();
    }
}
