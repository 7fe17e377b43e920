using System.Diagnostics;

namespace Tutti.Bench;

/// <summary>The shop of samples/shop, published where a manifest that names <c>artifacts/shop</c> finds it.</summary>
internal static class Sample
{
    /// <summary>The folder of Tutti.slnx.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>Publishes it to <c>artifacts/shop</c> under this folder.</summary>
    public static async Task PublishAsync(string folder)
    {
        var project = Path.Combine(Repository, "samples", "shop", "Shop.csproj");
        using var publish = Process.Start(new ProcessStartInfo("dotnet", ["publish", project, "-c", "Release", "-v", "q", "--nologo", "-o", Path.Combine(folder, "artifacts", "shop")])
        {
            RedirectStandardOutput = true,
        })!;
        var said = await publish.StandardOutput.ReadToEndAsync();
        await publish.WaitForExitAsync();
        if (publish.ExitCode != 0)
        {
            throw new InvalidOperationException($"{project} cannot be published: {said}");
        }
    }

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Tutti.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"no folder above {AppContext.BaseDirectory} holds Tutti.slnx; run the benchmarks from the repository");
    }
}
