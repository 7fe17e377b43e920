using Tutti.Model.Manifest;
using Tutti.Model.Problems;

namespace Tutti.Model.Tests.Manifest;

/// <summary>Short ways to read a manifest in a test.</summary>
internal static class Reading
{
    /// <summary>The smallest manifest, with one service called a.</summary>
    public const string Small = """
        apiVersion: tutti/v1
        architecture: shop
        services:
          a:
            version: 1.0.0
            run: { command: [a] }
        """;

    /// <summary>A manifest with one service called a, and further lines in it.</summary>
    public static string Service(string lines) => Small + "\n" + Indented(lines, 4);

    /// <summary>A manifest with further lines at its top level.</summary>
    public static string Top(string lines) => Small + "\n" + lines;

    /// <summary>A manifest whose services are these lines.</summary>
    public static string Services(string lines) => "apiVersion: tutti/v1\narchitecture: shop\nservices:\n" + Indented(lines, 2);

    public static ArchitectureSpec Spec(string yaml)
    {
        var reading = ManifestReader.Read(yaml, "m.yaml", _ => true);
        Assert.Empty(reading.Problems.Where(p => p.Severity == Severity.Error).Select(p => p.ToString()));
        return reading.Spec!;
    }

    public static Problem Only(string yaml, Func<string, bool>? fileExists = null)
    {
        var reading = ManifestReader.Read(yaml, "m.yaml", fileExists);
        Assert.True(reading.Problems.Length == 1, string.Join('\n', reading.Problems));
        return reading.Problems[0];
    }

    private static string Indented(string lines, int by) => string.Join('\n', lines.Split('\n').Select(l => new string(' ', by) + l));
}
