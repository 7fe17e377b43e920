using Tutti.Cli.CommandLine;
using Tutti.Cli.Serving;

namespace Tutti.Cli.Client;

/// <summary>Finds the server: as named, or as recorded in the data folder.</summary>
internal static class ServerLocator
{
    private const string HowToStart = "start one with 'tutti up FILE' or 'tutti server', or name one with --server URL";

    public static ApiClient Connect(string? named, string dataFolder, string author)
    {
        var token = ReadToken(dataFolder);
        if (named is not null)
        {
            return new ApiClient(ParseUrl(named), token, author, $"no server answers at {named}; {HowToStart}");
        }

        if (ServerRecord.Read(dataFolder) is not { } record)
        {
            throw new CliException(ExitCode.NoServer, $"no server runs on {dataFolder}; {HowToStart}");
        }

        var refusal = FolderLock.HolderOf(dataFolder) is null
            ? $"the server of {dataFolder} (pid {record.Pid}) no longer runs; {HowToStart}"
            : $"the server of {dataFolder} (pid {record.Pid}) does not answer at {record.Url}; is it starting or ending? Otherwise {HowToStart}";
        return new ApiClient(ParseUrl(record.Url), token, author, refusal);
    }

    /// <summary>The token of the data folder, where it may be read.</summary>
    public static string? ReadToken(string dataFolder)
    {
        var path = Path.Combine(dataFolder, "token");
        try
        {
            return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null; // Another user's folder: most of the API needs no token, and the server says where it does.
        }
    }

    /// <summary>Reads a URL; <c>host:port</c> means http.</summary>
    public static Uri ParseUrl(string text)
    {
        var full = text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text;
        return Uri.TryCreate(full, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw CliException.BadInput($"'{text}' is not a server's URL such as http://127.0.0.1:7420");
    }
}
