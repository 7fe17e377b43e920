using Tutti.Cli.CommandLine;

namespace Tutti.Cli.Serving;

internal sealed class ServerCommand : TuttiCommand
{
    private readonly ServerSettings _settings = new();

    public ServerCommand()
        : base("server", "Run a server; agents join it") => _settings.AddTo(this);

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("tutti server", "a server for this machine"),
        new("tutti server --listen 0.0.0.0:7420 --dns off", "reachable from other machines, without DNS"),
    ];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var options = _settings.Read(invocation);
        using var folder = FolderLock.Acquire(options.DataFolder, "server");
        await using var server = await RecordedServer.StartAsync(
            invocation.Rooms.Serving, options, "server", invocation.Terminal.Clock, cancellation);
        var output = invocation.Terminal.Out;
        output.WriteLine($"server {server.Running.Url}, dns {server.Running.Dns ?? "off"}, data {options.DataFolder}");
        output.WriteLine($"join nodes with: tutti agent --join {server.Running.Url} --token $(cat {Path.Combine(options.DataFolder, "token")})");
        output.Flush();
        await Lifetime.WaitAsync(cancellation, server.Running.Completion);
        invocation.Terminal.Error.WriteLine("the server ends; instances keep running under their agents");
        return ExitCode.Done;
    }
}
