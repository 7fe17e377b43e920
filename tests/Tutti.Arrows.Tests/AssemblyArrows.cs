using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace Tutti.Arrows.Tests;

/// <summary>The rooms and which of them may know which, as the architecture page says.</summary>
internal static class AssemblyArrows
{
    /// <summary>The arrows; what lies further down the same arrows may be known too.</summary>
    private static readonly Dictionary<string, string[]> Direct = new(StringComparer.Ordinal)
    {
        ["Tutti.Cli"] = ["Tutti.Server", "Tutti.Node"],
        ["Tutti.Server"] = ["Tutti.Control"],
        ["Tutti.Control"] = ["Tutti.Decisions", "Tutti.Store"],
        ["Tutti.Decisions"] = ["Tutti.Model"],
        ["Tutti.Node"] = ["Tutti.Model"],
        ["Tutti.Store"] = [],
        ["Tutti.Model"] = [],
    };

    /// <summary>Every room.</summary>
    public static IEnumerable<string> Rooms => Direct.Keys;

    /// <summary>The file of a room's assembly.</summary>
    public static string FileOf(string room) => room == "Tutti.Cli" ? "tutti.dll" : $"{room}.dll";

    /// <summary>The rooms that a room may reference.</summary>
    public static HashSet<string> Allowed(string room)
    {
        var allowed = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Queue<string>(Direct[room]);
        while (waiting.TryDequeue(out var next))
        {
            if (!allowed.Add(next))
                continue;
            foreach (var further in Direct[next])
                waiting.Enqueue(further);
        }

        return allowed;
    }

    /// <summary>References that point where no arrow does, as sentences.</summary>
    public static string[] Wrong(string room, IEnumerable<string> references)
    {
        var allowed = Allowed(room);
        return [.. references.Where(r => !allowed.Contains(r)).Select(r => $"{room} references {r}: no arrow leads there")];
    }

    /// <summary>The rooms that a compiled assembly references.</summary>
    public static string[] ReadAssembly(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var metadata = file.GetMetadataReader();
        return [.. metadata.AssemblyReferences
            .Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))
            .Where(IsRoom)
            .Select(name => name == "tutti" ? "Tutti.Cli" : name)];
    }

    /// <summary>The rooms that a project references: the compiler leaves out what is not used yet.</summary>
    public static string[] ReadProject(string path) =>
        [.. XDocument.Load(path).Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value))];

    private static bool IsRoom(string name) => name == "tutti" || name.StartsWith("Tutti.", StringComparison.Ordinal);
}
