using System.Globalization;

namespace Tutti.EndToEnd.Sites;

/// <summary>A process that runs now, as /proc shows it.</summary>
/// <param name="Pid">Its id.</param>
/// <param name="Folder">Its working folder, which says whose it is.</param>
/// <param name="Instance">The instance it is; null: it is none.</param>
/// <param name="Service">The service of that instance.</param>
/// <param name="Port">Where it listens, if it was told by a variable of that name.</param>
internal sealed record LiveProcess(int Pid, string Folder, string? Instance, string? Service, string? Port)
{
    /// <summary>Every process that works below a folder; one that has ended and waits to be buried is none.</summary>
    public static LiveProcess[] Below(string folder) =>
        [.. Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? Read(pid, folder + "/") : null)
            .OfType<LiveProcess>()];

    private static LiveProcess? Read(int pid, string prefix)
    {
        try
        {
            var folder = new FileInfo($"/proc/{pid}/cwd").LinkTarget;
            if (folder is null || !(folder + "/").StartsWith(prefix, StringComparison.Ordinal))
            {
                return null;
            }

            var environment = File.ReadAllText($"/proc/{pid}/environ").Split('\0');
            return new LiveProcess(pid, folder, Variable(environment, "TUTTI_INSTANCE="), Variable(environment, "TUTTI_SERVICE="), Variable(environment, "PORT="));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // It ended while it was looked at, or is another user's and so none of a test.
        }
    }

    private static string? Variable(string[] environment, string name) =>
        environment.FirstOrDefault(each => each.StartsWith(name, StringComparison.Ordinal))?[name.Length..];
}
