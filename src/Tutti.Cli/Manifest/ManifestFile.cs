using System.Collections.Immutable;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Output;
using Tutti.Model.Manifest;
using Tutti.Model.Problems;

namespace Tutti.Cli.Manifest;

/// <summary>A manifest on disk: its text and what reading it gave.</summary>
internal sealed record ManifestFile
{
    /// <summary>As the person named it; in messages.</summary>
    public required string Path { get; init; }

    public required string Text { get; init; }

    /// <summary>Null where there are errors.</summary>
    public ArchitectureSpec? Spec { get; init; }

    public required ImmutableArray<Problem> Problems { get; init; }

    /// <summary>The folder that paths in it are relative to.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;

    /// <summary>Reads one.</summary>
    /// <exception cref="CliException">There is no such file, or it cannot be read (exit code 2).</exception>
    public static ManifestFile Read(string path, Rooms rooms) => Read(path, rooms.ReadManifest);

    private static ManifestFile Read(string path, Func<string, string, Func<string, bool>?, ManifestReading> read)
    {
        if (Directory.Exists(path))
        {
            throw CliException.BadInput($"{path} is a folder; name the manifest in it");
        }

        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw CliException.BadInput($"there is no file {path}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw CliException.BadInput($"cannot read {path}: {failure.Message}");
        }

        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        var reading = read(text, path, relative => System.IO.Path.Exists(System.IO.Path.Combine(folder, relative)));
        return new ManifestFile { Path = path, Text = text, Spec = reading.Spec, Problems = reading.Problems };
    }

    /// <summary>Reads one that must be without errors; warnings are printed.</summary>
    /// <exception cref="CliException">It has errors; all are in the details (exit code 2).</exception>
    public static ManifestFile ReadValid(string path, Rooms rooms, Terminal terminal) => Valid(Read(path, rooms), terminal);

    /// <summary>Reads one for its releases only, under the rules for these; warnings are printed. Jobs and all else beside the services are left out.</summary>
    /// <exception cref="CliException">It has errors; all are in the details (exit code 2).</exception>
    public static ManifestFile ReadReleases(string path, Rooms rooms, Terminal terminal)
    {
        var manifest = Valid(Read(path, rooms.ReadReleases), terminal);
        return manifest with { Spec = manifest.Spec! with { Jobs = manifest.Spec.Jobs.Clear() } };
    }

    private static ManifestFile Valid(ManifestFile manifest, Terminal terminal)
    {
        var errors = manifest.Problems.Count(problem => problem.Severity == Severity.Error);
        if (errors > 0 || manifest.Spec is null)
        {
            throw new CliException(
                ExitCode.BadInput,
                $"{manifest.Path} has {Words.Count(errors, "error")}; nothing was changed",
                [.. manifest.Problems.Select(problem => problem.ToString())]);
        }

        foreach (var warning in manifest.Problems)
        {
            terminal.Error.WriteLine(warning.ToString());
        }

        return manifest;
    }
}
