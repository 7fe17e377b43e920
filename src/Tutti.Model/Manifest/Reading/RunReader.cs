namespace Tutti.Model.Manifest.Reading;

/// <summary>Reads <c>run</c> and <c>external</c>.</summary>
internal static class RunReader
{
    public static RunSpec Read(SectionView run) => new()
    {
        Command = run.Texts("command"),
        Image = run.Text("image"),
        Artifact = run.Text("artifact"),
        Digest = run.Text("digest"),
        Build = run.Texts("build"),
        User = run.Text("user"),
    };

    public static ExternalSpec ReadExternal(SectionView external) => new() { Url = external.Text("url") ?? "" };
}
