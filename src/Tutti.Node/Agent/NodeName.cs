using System.Text.RegularExpressions;

namespace Tutti.Node.Agent;

/// <summary>Names of nodes: DNS labels.</summary>
internal static partial class NodeName
{
    /// <summary>The given name, or this machine's host name made a label.</summary>
    /// <exception cref="AgentStartException">The given one is no label.</exception>
    public static string Choose(string? given)
    {
        if (given is null)
        {
            return FromHost(Environment.MachineName);
        }

        return Label().IsMatch(given)
            ? given
            : throw new AgentStartException($"'{given}' cannot name a node: a name is lower-case letters, digits and '-', at most 63, beginning and ending with a letter or digit");
    }

    /// <summary>A host name's first part, lower case, everything else than letters and digits a '-'.</summary>
    public static string FromHost(string host)
    {
        var label = Other().Replace(host.Split('.')[0].ToLowerInvariant(), "-");
        label = (label.Length > 63 ? label[..63] : label).Trim('-');
        return label.Length == 0 ? "node" : label;
    }

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\z")]
    private static partial Regex Label();

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex Other();
}
