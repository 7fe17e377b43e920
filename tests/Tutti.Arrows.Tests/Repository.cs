namespace Tutti.Arrows.Tests;

/// <summary>Where the sources are.</summary>
internal static class Repository
{
    /// <summary>The folder that holds <c>Tutti.slnx</c>.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Tutti.slnx")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"no Tutti.slnx above {AppContext.BaseDirectory}: run the tests from within the repository");
    }
}
