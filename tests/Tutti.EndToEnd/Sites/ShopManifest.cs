namespace Tutti.EndToEnd.Sites;

/// <summary>A manifest of the shop, made from the sample's by exact replacements.</summary>
internal sealed record ShopManifest(string Text)
{
    /// <summary>web 1.2 with cart 2.2: the sample's main manifest.</summary>
    public static ShopManifest Current { get; } = Read("architecture.yaml");

    /// <summary>web 1.1 with cart 2.0.</summary>
    public static ShopManifest Before { get; } = Read("architecture-1.1.yaml");

    /// <summary>Another version of a service, started with further arguments.</summary>
    public ShopManifest WithRelease(string service, string version, string arguments = "")
    {
        var start = Text.IndexOf($"\n  {service}:\n", StringComparison.Ordinal);
        var versionAt = Text.IndexOf("version: ", start, StringComparison.Ordinal) + "version: ".Length;
        var old = Text[versionAt..Text.IndexOf('\n', versionAt)];
        var end = Text.IndexOf("\n\n", start, StringComparison.Ordinal);
        var block = Text[start..end]
            .Replace($"version: {old}\n", $"version: {version}\n", StringComparison.Ordinal)
            .Replace($"--version, {old}]", $"--version, {version}{arguments}]", StringComparison.Ordinal);
        return new ShopManifest(Text[..start] + block + Text[end..]);
    }

    /// <summary>Another text in the block of one service, where it must be.</summary>
    public ShopManifest With(string service, string old, string replacement)
    {
        var start = Text.IndexOf($"\n  {service}:\n", StringComparison.Ordinal);
        var end = Text.IndexOf("\n\n", start, StringComparison.Ordinal);
        Assert.Contains(old, Text[start..end]);
        return new ShopManifest(Text[..start] + Text[start..end].Replace(old, replacement, StringComparison.Ordinal) + Text[end..]);
    }

    /// <summary>One text for another, which must be there.</summary>
    public ShopManifest With(string old, string replacement)
    {
        Assert.Contains(old, Text);
        return new ShopManifest(Text.Replace(old, replacement, StringComparison.Ordinal));
    }

    private static ShopManifest Read(string name) => new(File.ReadAllText(Path.Combine(Built.ShopManifests, name)));
}
