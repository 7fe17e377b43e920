using Tutti.Model.Manifest.Yaml;
using Tutti.Model.Problems;

namespace Tutti.Model.Manifest.Rules;

/// <summary>What the rules look at: what was read, and where each value stands.</summary>
internal sealed class RuleContext(YamlMap root, ArchitectureSpec spec, ProblemList problems, Func<string, bool>? fileExists, bool partial = false)
{
    public ArchitectureSpec Spec { get; } = spec;

    public ProblemList Problems { get; } = problems;

    public Func<string, bool>? FileExists { get; } = fileExists;

    /// <summary>True: only some services of an architecture are here, so that others and topics may be elsewhere.</summary>
    public bool IsPartial { get; } = partial;

    /// <summary>The value at a path of keys and indexes; null where nothing is written there.</summary>
    public YamlNode? Node(params ReadOnlySpan<string> path)
    {
        YamlNode? node = root;
        foreach (var step in path)
        {
            node = node switch
            {
                YamlMap map => map.Find(step),
                YamlList list when int.TryParse(step, out var index) && index < list.Items.Length => list.Items[index],
                _ => null,
            };
        }

        return node;
    }

    public bool Has(params ReadOnlySpan<string> path) => Node(path) is not null;

    /// <summary>Where a value stands, or the nearest thing around it.</summary>
    public Place At(params ReadOnlySpan<string> path)
    {
        for (var length = path.Length; length > 0; length--)
        {
            if (Node(path[..length]) is { } node)
            {
                return node.Place;
            }
        }

        return root.Place;
    }

    /// <summary>Where a key stands, or the nearest thing around it.</summary>
    public Place KeyAt(params ReadOnlySpan<string> path) =>
        Node(path[..^1]) is YamlMap map && map.Entry(path[^1]) is { } entry ? entry.KeyPlace : At(path);

    /// <summary>The end of a sentence about an unknown name: the nearest one, or what else to do.</summary>
    public static string Remedy(string? nearest, string otherwise) => nearest is null ? otherwise : $"did you mean '{nearest}'?";
}
