using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using Tutti.Model.Agents;
using Tutti.Node.Agent;
using Tutti.Node.Upstreams;

namespace Tutti.Node.Instances;

/// <summary>What an instance finds in its environment before its own declared variables: a little of the agent's, and who it is.</summary>
internal static class InstanceEnvironment
{
    private static readonly string[] _inherited = ["PATH", "HOME", "LANG", "TMPDIR"];

    /// <summary>The variables that come from the agent and from Tutti; a declared one of the same name goes before them.</summary>
    public static ImmutableSortedDictionary<string, string> Base(
        Assignment assignment,
        string node,
        string launch,
        ImmutableSortedDictionary<string, int> ports,
        ImmutableSortedDictionary<string, UpstreamAddress> upstreams)
    {
        var environment = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            var name = (string)variable.Key;
            if (_inherited.Contains(name) || name.StartsWith("DOTNET_", StringComparison.Ordinal))
            {
                environment[name] = (string?)variable.Value ?? "";
            }
        }

        environment.TryAdd("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        environment["TUTTI_INSTANCE"] = assignment.Instance;
        environment["TUTTI_SERVICE"] = assignment.Service;
        environment["TUTTI_VERSION"] = assignment.Version.ToString();
        environment["TUTTI_NODE"] = node;
        environment["TUTTI_ARCHITECTURE"] = assignment.Architecture;
        environment["TUTTI_SET"] = assignment.Set.ToString(CultureInfo.InvariantCulture);
        environment[LaunchMarks.Variable] = launch;
        foreach (var (name, number) in ports)
        {
            environment["PORT_" + Shouted(name)] = number.ToString(CultureInfo.InvariantCulture);
        }

        foreach (var upstream in assignment.Upstreams)
        {
            if (upstreams.TryGetValue(upstream.Service, out var address))
            {
                environment[Shouted(upstream.Service) + "_URL"] = address.Url;

                // What .NET's service discovery reads; a URL is right for it whatever the port speaks.
                environment[$"services__{upstream.Service}__{upstream.Port}__0"] = address.Url;
            }
        }

        return environment.ToImmutable();
    }

    private static string Shouted(string name) => name.ToUpperInvariant().Replace('-', '_');
}
