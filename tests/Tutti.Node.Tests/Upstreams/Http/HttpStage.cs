using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Tutti.Model.Agents;
using Tutti.Model.Discovery;
using Tutti.Model.Traffic;
using Tutti.Model.Versions;
using Tutti.Node.Upstreams;

namespace Tutti.Node.Tests.Upstreams.Http;

/// <summary>web 1.2.0 on its way to cart, whose providers the test makes.</summary>
internal sealed class HttpStage : IAsyncDisposable
{
    public const string Key = "shop/web-1";
    private readonly List<IDisposable> _made = [];
    private readonly Complaints _complaints = new();
    private long _revision;

    public HttpStage() => Upstreams = new UpstreamListeners(logger: _complaints);

    public UpstreamListeners Upstreams { get; }

    public UpstreamAssignment Upstream { get; init; } = new() { Service = "cart", Port = "http" };

    public int Port { get; private set; }

    public UpstreamTraffic Traffic => Upstreams.Traffic() is [var only] ? only : new UpstreamTraffic { Consumer = "", Provider = "none or several" };

    public ScriptedProvider Provider(Func<RawConnection, Task> script, string name = "a", string? version = null) =>
        Made(new ScriptedProvider(name, script, version));

    public ScriptedProvider Answering(string name, string? version = null) => Made(ScriptedProvider.Answering(name, version));

    /// <summary>A stage whose only provider does this on each connection.</summary>
    public static HttpStage With(Func<RawConnection, Task> script)
    {
        var stage = new HttpStage();
        stage.Lead(stage.Provider(script));
        return stage;
    }

    public void Lead(params ScriptedProvider[] providers) => Apply([.. providers.Select(p => At(p))]);

    public void Apply(params ImmutableArray<Endpoint> endpoints) =>
        Upstreams.Apply(new ServiceEndpoints { Architecture = "shop", Service = "cart", Revision = ++_revision, Endpoints = endpoints });

    public static Endpoint At(ScriptedProvider provider, int? share = null) => new()
    {
        Instance = provider.Name,
        Version = provider.Version is null ? null : ReleaseVersion.Parse(provider.Version),
        Port = "http",
        Address = "127.0.0.1",
        Number = provider.Port,
        Share = share,
    };

    public async Task<RawConnection> Connect()
    {
        if (Port == 0)
        {
            Port = Upstreams.Open(new Consumer(Key, "shop", "web", ReleaseVersion.Parse("1.2.0")), [Upstream], null)["cart"].Port;
        }

        return Made(await RawConnection.ToAsync(Port));
    }

    public async ValueTask DisposeAsync()
    {
        await Upstreams.DisposeAsync();
        _made.ForEach(m => m.Dispose());
        Assert.Empty(_complaints.Heard);
    }

    private T Made<T>(T made)
        where T : IDisposable
    {
        lock (_made)
        {
            _made.Add(made);
        }

        return made;
    }

    /// <summary>What upstreams say that should not happen.</summary>
    private sealed class Complaints : ILogger
    {
        public ConcurrentQueue<string> Heard { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Heard.Enqueue($"{formatter(state, exception)}: {exception}");
    }
}
