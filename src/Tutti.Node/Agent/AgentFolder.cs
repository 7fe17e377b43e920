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
            Directory.CreateDirectory(Path.Combine(root, "journal"));
            var held = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
            held.SetLength(0);
            held.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            held.Flush();
            return new AgentFolder(root, held);
        }
        catch (IOException e) when (HolderOf(file) is { } pid)
        {
            throw new AgentStartException($"the data folder {root} is in use by the agent with pid {pid}; stop it first, or give another folder", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AgentStartException($"the data folder {root} cannot be used: {e.Message}; make it writable, or give another folder", e);
        }
    }

    /// <summary>Lets go of it.</summary>
    public void Dispose() => _lock.Dispose();

    private static int? HolderOf(string file)
    {
        try
        {
            // Opened for sharing, so that the holder's lock does not stand in the way of reading its pid.
            using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return int.TryParse(reader.ReadToEnd(), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && Directory.Exists($"/proc/{pid}") ? pid : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No holder can be named; the caller reports its own error.
            return null;
        }
    }
}
