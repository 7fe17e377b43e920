using System.Collections.Immutable;
using System.Diagnostics;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Manifest;
using Tutti.Cli.Output;

namespace Tutti.Cli.Apply;

/// <summary>Makes the artifacts of a manifest by its build commands.</summary>
internal sealed class ArtifactBuilds(Terminal terminal)
{
    /// <summary>Runs the build command of every artifact that is missing (or of all), each command once.</summary>
    /// <exception cref="CliException">An artifact is missing and has no build command (2); a build failed (1, its output in the details).</exception>
    public async Task MakeAsync(ManifestFile manifest, bool all, CancellationToken cancellation)
    {
        var uses = ArtifactUse.Of(manifest);
        var hopeless = uses.Where(use => !use.IsThere && uses.All(other => other.FullPath != use.FullPath || other.Build.IsEmpty)).ToArray();
        if (hopeless.Length > 0)
        {
            throw new CliException(
                ExitCode.BadInput,
                "make it first, or give run.build the command that makes it; nothing was changed",
                [.. hopeless.Select(use => $"{use.Owner}: the artifact {use.Path} is missing and the manifest has no build command for it")]);
        }

        var done = new HashSet<string>(StringComparer.Ordinal);
        foreach (var use in uses.Where(use => !use.Build.IsEmpty))
        {
            if ((all || !use.IsThere) && done.Add(string.Join('\0', use.Build)))
            {
                await RunAsync(use, manifest.Folder, cancellation);
            }
        }

        if (uses.FirstOrDefault(use => !use.IsThere) is { } missing)
        {
            throw CliException.Failed($"{missing.Owner}: the build succeeded but did not make the artifact {missing.Path}");
        }
    }

    private async Task RunAsync(ArtifactUse use, string folder, CancellationToken cancellation)
    {
        var line = string.Join(' ', use.Build);
        terminal.Error.WriteLine($"building {use.Path} for {use.Owner}: {line}");
        var started = terminal.Clock.GetTimestamp();
        using var process = Start(use, folder);
        var output = new BuildOutput();
        try
        {
            await Task.WhenAll(
                output.CollectAsync(process.StandardOutput, cancellation),
                output.CollectAsync(process.StandardError, cancellation),
                process.WaitForExitAsync(cancellation));
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        if (process.ExitCode != 0)
        {
            throw new CliException(
                ExitCode.Failed, $"{use.Owner}: the build of {use.Path} failed with exit code {process.ExitCode}: {line}", output.Lines);
        }

        terminal.Error.WriteLine($"built {use.Path} in {terminal.Clock.GetElapsedTime(started).TotalSeconds:0.0} s");
    }

    private static Process Start(ArtifactUse use, string folder)
    {
        var start = new ProcessStartInfo(use.Build[0], use.Build.Skip(1))
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        try
        {
            var process = Process.Start(start)!;
            process.StandardInput.Close();
            return process;
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            throw CliException.Failed($"{use.Owner}: the build command {use.Build[0]} cannot be started: {failure.Message}");
        }
    }

    /// <summary>The last lines of a build.</summary>
    private sealed class BuildOutput
    {
        private const int Most = 200;
        private readonly Queue<string> _lines = [];

        public ImmutableArray<string> Lines => [.. _lines];

        public async Task CollectAsync(StreamReader reader, CancellationToken cancellation)
        {
            while (await reader.ReadLineAsync(cancellation) is { } line)
            {
                lock (_lines)
                {
                    _lines.Enqueue(line);
                    if (_lines.Count > Most)
                    {
                        _lines.Dequeue();
                    }
                }
            }
        }
    }
}
