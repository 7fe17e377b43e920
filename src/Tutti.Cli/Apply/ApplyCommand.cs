using System.CommandLine;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Manifest;
using Tutti.Cli.Operations;

namespace Tutti.Cli.Apply;

internal sealed class ApplyCommand : TuttiCommand
{
    private readonly ManifestArgument _file = new();
    private readonly Option<string> _message = SharedOptions.Message();
    private readonly Option<bool> _build = SharedOptions.Build();
    private readonly Option<bool> _allowGap = SharedOptions.AllowGap();
    private readonly WaitChoice _wait = new();

    public ApplyCommand()
        : base("apply", "Make what runs be as a manifest says")
    {
        _file.AddTo(this);
        Add(_message);
        Add(_build);
        Add(_allowGap);
        _wait.AddTo(this);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("tutti apply architecture.yaml -m 'web 1.2'", "apply, and wait until everything runs as asked"),
        new("tutti apply architecture.yaml --build", "make the artifacts anew first"),
        new("tutti apply architecture.yaml --no-wait", "return as soon as it is accepted"),
    ];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var manifest = ManifestFile.ReadValid(_file.Of(invocation), invocation.Rooms, invocation.Terminal);
        using var api = invocation.Connect();
        await new ArtifactBuilds(invocation.Terminal).MakeAsync(manifest, invocation.Get(_build), cancellation);
        var asked = new ApplyWish(invocation.Get(_message) ?? "", invocation.Get(_allowGap));
        var change = await ManifestRequest.ApplyAsync(invocation, api, manifest, asked, cancellation);
        var (architecture, set) = (change.Architecture ?? manifest.Spec!.Name, change.Set ?? 0);
        invocation.Terminal.Out.WriteLine(
            change.Changed ? $"{architecture}: version set {set} is accepted" : $"{architecture}: nothing to change, version set {set} is current");
        if (!_wait.Of(invocation))
        {
            return ExitCode.Done;
        }

        var wait = new SetWait(api, invocation.Terminal, architecture, set);
        var outcome = await ProgressView.ShowAsync(invocation.Terminal, wait, cancellation);
        return outcome.Report(invocation.Terminal, architecture, set);
    }
}
