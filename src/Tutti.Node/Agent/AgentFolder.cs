using System.Globalization;

namespace Tutti.Node.Agent;

/// <summary>The agent's data folder, held by at most one agent at a time.</summary>
internal sealed class AgentFolder : IDisposable
{
    private readonly FileStream _lock;

    private AgentFolder(string root, FileStream held)
    {
        Root = root;
        _lock = held;
    }

    /// <summary>Absolute path.</summary>
    public string Root { get; }

    /// <summary>Journal entries.</summary>
    public string Journal => Path.Combine(Root, "journal");

    /// <summary>Unpacked artifacts.</summary>
    public string Artifacts => Path.Combine(Root, "artifacts");

    /// <summary>Logs of instances.</summary>
    public string Logs => Path.Combine(Root, "logs");

    /// <summary>One file per secret, named as <c>${secret.NAME}</c> names it.</summary>
    public string Secrets => Path.Combine(Root, "secrets");

    /// <summary>Makes it where missing and takes it.</summary>
    /// <exception cref="AgentStartException">Not writable, or another agent holds it.</exception>
    public static AgentFolder Open(string folder)
    {
        var root = Path.GetFullPath(folder);
        var file = Path.Combine(root, "agent.lock");
        try
        {
            MakeFolders(root);
            var held = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
            try
            {
                File.WriteAllText(HolderFile(root), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
                return new AgentFolder(root, held);
            }
            catch
            {
                held.Dispose();
                throw;
            }
        }
        catch (IOException e) when (HolderOf(root) is { } pid)
        {
            throw new AgentStartException($"the data folder {root} is in use by the agent with pid {pid}; stop it first, or give another folder", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AgentStartException($"the data folder {root} cannot be used: {e.Message}; make it writable, or give another folder", e);
        }
    }

    /// <summary>The journal holds expanded environments, secrets among them: for the agent alone. Others only pass through to what is theirs.</summary>
    private static void MakeFolders(string root)
    {
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        const UnixFileMode PassThrough = Owner | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        Directory.CreateDirectory(root, PassThrough).UnixFileMode = PassThrough;
        foreach (var name in new[] { "journal", "logs", "secrets" })
        {
            Directory.CreateDirectory(Path.Combine(root, name), Owner).UnixFileMode = Owner;
        }
    }

    /// <summary>Lets go of it.</summary>
    public void Dispose() => _lock.Dispose();

    // Beside the lock and not in it: a locked file cannot be opened even for reading.
    private static string HolderFile(string root) => Path.Combine(root, "agent.pid");

    private static int? HolderOf(string root)
    {
        try
        {
            return int.TryParse(File.ReadAllText(HolderFile(root)), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && Directory.Exists($"/proc/{pid}") ? pid : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No holder can be named; the caller reports its own error.
            return null;
        }
    }
}
