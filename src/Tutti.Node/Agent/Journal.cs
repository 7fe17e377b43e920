using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Tutti.Model;

namespace Tutti.Node.Agent;

/// <summary>The agent's memory on disk: one small file per instance, each replaced whole, and the cluster they belong to.</summary>
internal sealed class Journal
{
    private const string Suffix = ".json";

    private readonly string _folder;
    private readonly string _ownerFile;
    private JournalOwner _owner;

    private Journal(string folder, string ownerFile, JournalOwner owner, ImmutableArray<JournalEntry> found)
    {
        _folder = folder;
        _ownerFile = ownerFile;
        _owner = owner;
        Found = found;
    }

    /// <summary>What was in it when it was opened.</summary>
    public ImmutableArray<JournalEntry> Found { get; }

    /// <summary>Begins the mark of every launch of this journal.</summary>
    public string Id => _owner.Journal;

    /// <summary>The cluster; null before the first registration.</summary>
    public string? ClusterId => _owner.ClusterId;

    /// <summary>Reads all of it.</summary>
    /// <exception cref="AgentStartException">A file cannot be read: what it stood for may still run, so nothing is done behind its back.</exception>
    public static Journal Open(string folder)
    {
        Directory.CreateDirectory(folder);
        var ownerFile = Path.Combine(folder, "owner");
        var owner = File.Exists(ownerFile) ? Read<JournalOwner>(ownerFile) : null;
        var found = Directory.EnumerateFiles(folder, "*" + Suffix, SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(Read<JournalEntry>)
            .ToImmutableArray();
        if (owner is null)
        {
            owner = new JournalOwner { Journal = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)) };
            WriteOwner(ownerFile, owner);
        }

        return new Journal(folder, ownerFile, owner, found);
    }

    /// <summary>A mark that no other launch has.</summary>
    public string NewLaunch() => $"{Id}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";

    /// <summary>Keeps the cluster that these instances belong to.</summary>
    public void Join(string clusterId)
    {
        if (_owner.ClusterId != clusterId)
        {
            var joined = _owner with { ClusterId = clusterId };
            WriteOwner(_ownerFile, joined);
            _owner = joined;
        }
    }

    /// <summary>Writes one entry.</summary>
    /// <param name="entry">The whole of it.</param>
    /// <param name="flush">True where a power cut may not lose it.</param>
    public void Write(JournalEntry entry, bool flush)
    {
        var file = FileOf(entry.Assignment.Architecture, entry.Assignment.Instance);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        DurableFile.Write(file, JsonSerializer.SerializeToUtf8Bytes(entry, TuttiJson.Options), flush);
    }

    /// <summary>Deletes one entry; an absent one is deleted already.</summary>
    public void Forget(string architecture, string instance)
    {
        var file = FileOf(architecture, instance);
        if (File.Exists(file))
        {
            File.Delete(file);
        }
    }

    private string FileOf(string architecture, string instance) => Path.Combine(_folder, architecture, instance + Suffix);

    private static void WriteOwner(string file, JournalOwner owner)
    {
        try
        {
            DurableFile.Write(file, JsonSerializer.SerializeToUtf8Bytes(owner, TuttiJson.Options), flush: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AgentStartException($"the agent's journal {file} cannot be written: {e.Message}; free some space or make it writable", e);
        }
    }

    private static T Read<T>(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(file), TuttiJson.Options) ?? throw new JsonException("it is empty");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new AgentStartException(
                $"the agent's journal file {file} cannot be read: {e.Message}; what it stands for may still run: "
                + "look for its processes, end them, delete the file and start the agent again", e);
        }
    }
}
