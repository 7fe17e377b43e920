using System.CommandLine;
using Tutti.Cli.Apply;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Manifest;
using Tutti.Cli.Serving;

namespace Tutti.Cli.Up;

internal sealed class UpCommand : TuttiCommand
{
    private readonly ManifestArgument _file = new();
    private readonly Option<string> _message = SharedOptions.Message();
    private readonly Option<bool> _build = SharedOptions.Build();
    private readonly Option<bool> _allowGap = SharedOptions.AllowGap();
    private readonly Option<bool> _detach = new("--detach", "-d") { Description = "Leave it running in the background; 'tutti down' ends it" };
    private readonly ServerSettings _settings = new();

    public UpCommand()
        : base("up", "Bring a whole architecture up on this machine: server, agent and apply in one")
    {
        _file.AddTo(this);
        Add(_message);
        Add(_build);
        Add(_allowGap);
        Add(_detach);
        _settings.AddTo(this);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("tutti up architecture.yaml", "bring it up and stay; Ctrl-C takes everything down"),
        new("tutti up architecture.yaml --detach", "return once it is up"),
        new("tutti up architecture.yaml --data /tmp/b --listen 127.0.0.1:0 --dns off", "a second one beside it"),
    ];

    public override Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var options = _settings.Read(invocation);
        var background = BackgroundUp.IsThisProcess(invocation.Terminal);
        if (invocation.Get(_detach) && !background)
        {
            return BackgroundUp.StartAsync(invocation, options.DataFolder, cancellation);
        }

        if (background)
        {
            BackgroundUp.Enter();
        }

        var wish = new ApplyWish(invocation.Get(_message) ?? "", invocation.Get(_allowGap));
        var request = new UpRequest(_file.Of(invocation), wish, invocation.Get(_build), background);
        return new UpRun(invocation, options, request).RunAsync(cancellation);
    }
}

/// <summary>What was asked of <c>up</c>.</summary>
/// <param name="File">The manifest.</param>
/// <param name="Wish">What is said beside it.</param>
/// <param name="Build">Run every build command.</param>
/// <param name="Background">This is the process that <c>--detach</c> left in the background.</param>
internal sealed record UpRequest(string File, ApplyWish Wish, bool Build, bool Background);
