using System.CommandLine;
using Tutti.Cli.Apply;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Manifest;

namespace Tutti.Cli.Versions;

internal sealed class ReleaseAddCommand : TuttiCommand
{
    private readonly ManifestArgument _file = new();
    private readonly Option<bool> _build = SharedOptions.Build();
    private readonly Option<string?> _architecture = new("--architecture", "-a")
    {
        Description = "The architecture (default: the one that the manifest names)",
        HelpName = "NAME",
    };

    public ReleaseAddCommand()
        : base("add", "Record the releases in a manifest without deploying them")
    {
        _file.AddTo(this);
        Add(_build);
        Add(_architecture);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("tutti release add web-1.3.yaml", "a manifest with web alone: what it depends on may be in the architecture"),
        new("tutti release add -f architecture.yaml -a shop-staging", "every service of a manifest, for another architecture than it names"),
    ];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var manifest = ManifestFile.ReadReleases(_file.Of(invocation), invocation.Rooms, invocation.Terminal);
        var architecture = invocation.Get(_architecture) ?? manifest.Spec!.Name;
        using var api = invocation.Connect();
        await new ArtifactBuilds(invocation.Terminal).MakeAsync(manifest, invocation.Get(_build), cancellation);
        var added = await ManifestRequest.RecordAsync(invocation, api, manifest, architecture, cancellation);
        foreach (var release in added.Recorded)
        {
            invocation.Terminal.Out.WriteLine($"{architecture}: {release.Service} {release.Version} is recorded");
        }

        if (!added.Changed)
        {
            var count = manifest.Spec!.Services.Values.Count(service => service.Version is not null);
            invocation.Terminal.Out.WriteLine($"{architecture}: nothing to record, {(count == 1 ? "the release is" : $"all {count} releases are")} known already");
        }

        return ExitCode.Done;
    }
}
