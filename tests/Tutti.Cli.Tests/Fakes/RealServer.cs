using Tutti.Server;

namespace Tutti.Cli.Tests.Fakes;

/// <summary>A real server without any agent, in this process, and the program as a person calls it against it: real reader, real packer.</summary>
internal sealed class RealServer : IAsyncDisposable
{
    private readonly TempFolder _data = new();
    private ServerHost? _host;

    public string Url => _host!.Url;

    public static async Task<RealServer> StartAsync()
    {
        var server = new RealServer();
        server._host = await ServerHost.StartAsync(new ServerOptions { DataFolder = server._data.Path, Listen = "http://127.0.0.1:0", Dns = null });
        return server;
    }

    public async Task<Outcome> RunAsync(params string[] args)
    {
        using var run = new CliRun { Rooms = new() };
        var code = await run.RunAsync([.. args, "--server", Url]);
        return new Outcome(code, run.Out, run.Error);
    }

    /// <summary>Runs a command that must succeed, and gives what it printed.</summary>
    public async Task<string> DoneAsync(params string[] args)
    {
        var outcome = await RunAsync(args);
        Assert.True(outcome.Code == 0, $"tutti {string.Join(' ', args)} ended with {outcome.Code}: {outcome.Error}");
        return outcome.Out;
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        _data.Dispose();
    }
}
