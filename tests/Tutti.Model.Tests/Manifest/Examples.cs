namespace Tutti.Model.Tests.Manifest;

/// <summary>The documentation's page about the manifest.</summary>
internal static class Examples
{
    private static readonly string _page = File.ReadAllText(Path.Combine(Root(), "docs", "manifest.md"));

    public static string Page() => _page;

    /// <summary>The page's example: its first block of YAML.</summary>
    public static string Documented() => _page.Split("```yaml\n")[1].Split("```")[0];

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Tutti.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("the tests run outside the repository: no Tutti.slnx above them");
        }

        return folder.FullName;
    }
}
