using Tutti.Cli.Client;
using Tutti.Server;

namespace Tutti.Cli.Serving;

/// <summary>A server that runs and is found through its data folder while it does.</summary>
internal sealed class RecordedServer : IAsyncDisposable
{
    private readonly string _folder;

    private RecordedServer(IRunningServer server, string folder) => (Running, _folder) = (server, folder);

    public IRunningServer Running { get; }

    public static async Task<RecordedServer> StartAsync(
        IServing serving, ServerOptions options, string mode, TimeProvider clock, CancellationToken cancellation)
    {
        ServerRecord.Remove(options.DataFolder);
        var server = await serving.StartServerAsync(options, cancellation);
        var record = new ServerRecord
        {
            Pid = Environment.ProcessId,
            Url = server.Url,
            Dns = server.Dns,
            Started = clock.GetUtcNow(),
            Mode = mode,
        };
        try
        {
            record.Write(options.DataFolder);
            return new RecordedServer(server, options.DataFolder);
        }
        catch (Exception)
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Running.DisposeAsync();
        ServerRecord.Remove(_folder);
    }
}
