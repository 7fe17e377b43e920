using System.Text.Json;
using Tutti.Cli.CommandLine;
using Tutti.Model;

namespace Tutti.Cli.Client;

/// <summary><c>server.json</c> in the data folder: the server that runs on it. Written once it listens, removed when it ends.</summary>
internal sealed record ServerRecord
{
    /// <summary>Process id.</summary>
    public required int Pid { get; init; }

    /// <summary>Address of the API.</summary>
    public required string Url { get; init; }

    /// <summary>Address of DNS; null: none.</summary>
    public string? Dns { get; init; }

    /// <summary>When it started.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary><c>up</c> or <c>server</c>.</summary>
    public required string Mode { get; init; }

    public static string PathIn(string dataFolder) => Path.Combine(dataFolder, "server.json");

    /// <summary>Reads it; null where there is none.</summary>
    /// <exception cref="CliException">It cannot be read.</exception>
    public static ServerRecord? Read(string dataFolder)
    {
        var path = PathIn(dataFolder);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<ServerRecord>(File.ReadAllText(path), TuttiJson.Options) : null;
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return null; // It ended between the two calls.
        }
        catch (Exception failure) when (failure is JsonException or IOException or UnauthorizedAccessException)
        {
            throw CliException.Failed($"cannot read {path}: {failure.Message}; name the server with --server URL");
        }
    }

    /// <summary>Writes it in one step, so that no reader sees half of it.</summary>
    public void Write(string dataFolder)
    {
        var path = PathIn(dataFolder);
        File.WriteAllText(path + ".new", JsonSerializer.Serialize(this, TuttiJson.Indented));
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>Removes it, where it is there.</summary>
    public static void Remove(string dataFolder)
    {
        if (Directory.Exists(dataFolder))
        {
            File.Delete(PathIn(dataFolder));
        }
    }
}
