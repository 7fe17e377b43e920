using System.Collections.Immutable;
using System.Security.Cryptography;
using Tutti.Cli.Apply;
using Tutti.Model.Manifest;
using Tutti.Model.Problems;
using Tutti.Model.Versions;

namespace Tutti.Cli.Tests.Fakes;

/// <summary>Stands in for the manifest reader and the packer. A line is <c>SERVICE ARTIFACT [BUILD COMMAND…]</c>, <c>error TEXT</c> or <c>warning TEXT</c>.</summary>
internal static class FakeManifests
{
    public static ManifestReading Read(string text, string file, Func<string, bool>? fileExists)
    {
        var problems = ImmutableArray.CreateBuilder<Problem>();
        var services = ImmutableSortedDictionary.CreateBuilder<string, ServiceSpec>(StringComparer.Ordinal);
        foreach (var (number, line) in text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Index())
        {
            var words = line.Split(' ');
            if (words[0] is "error" or "warning")
            {
                var severity = words[0] == "error" ? Severity.Error : Severity.Warning;
                problems.Add(new Problem { Rule = "fake", Message = line[(words[0].Length + 1)..], Severity = severity, File = file, Line = number + 1, Column = 3 });
                continue;
            }

            services[words[0]] = new ServiceSpec
            {
                Version = ReleaseVersion.Parse("1.0.0"),
                Run = new RunSpec { Command = ["run"], Artifact = words.ElementAtOrDefault(1), Build = [.. words.Skip(2)] },
            };
        }

        var wrong = problems.Any(problem => problem.Severity == Severity.Error);
        return new ManifestReading(wrong ? null : new ArchitectureSpec { Name = "shop", Services = services.ToImmutable() }, problems.ToImmutable());
    }

    /// <summary>"Packs" a folder into the names and contents of its files.</summary>
    public static async Task<PackedFile> PackAsync(string path, string targetFile, CancellationToken cancellation)
    {
        var files = Directory.Exists(path) ? Directory.GetFiles(path).Order(StringComparer.Ordinal) : (IEnumerable<string>)[path];
        var text = string.Join('\n', files.Select(file => $"{Path.GetFileName(file)}={File.ReadAllText(file).Trim()}"));
        await File.WriteAllTextAsync(targetFile, text, cancellation);
        var bytes = await File.ReadAllBytesAsync(targetFile, cancellation);
        return new PackedFile("sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.Length, targetFile);
    }
}
