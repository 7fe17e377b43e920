using System.Collections.Immutable;
using Tutti.Node.Runtimes;
using Tutti.Node.Upstreams;

namespace Tutti.Node.Expansion;

/// <summary>Replaces <c>${...}</c>.</summary>
internal static class Expander
{
    /// <summary>The text with every reference replaced.</summary>
    /// <exception cref="LaunchException">A reference leads to nothing; the message names it.</exception>
    public static string Expand(string text, ExpansionContext context) => throw new NotImplementedException();
}

/// <summary>What references may lead to.</summary>
internal sealed record ExpansionContext(
    ImmutableSortedDictionary<string, int> Ports,
    ImmutableSortedDictionary<string, UpstreamAddress> Upstreams,
    ImmutableSortedDictionary<string, string> Volumes,
    string InstanceId,
    string Node,
    string Service,
    string Version,
    Func<string, string?> Secret);
