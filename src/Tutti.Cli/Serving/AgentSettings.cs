using System.Collections.Immutable;
using System.Globalization;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Output;
using Tutti.Model.Agents;
using Tutti.Model.Quantities;

namespace Tutti.Cli.Serving;

/// <summary>Reads what is said about a node on the command line.</summary>
internal static class AgentSettings
{
    private const double MemoryShare = 0.9;

    /// <summary>Reads <c>key=value</c>.</summary>
    public static ImmutableSortedDictionary<string, string> Labels(IEnumerable<string> texts)
    {
        var labels = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            var at = text.IndexOf('=');
            if (at <= 0)
            {
                throw CliException.BadInput($"--label {text}: give KEY=VALUE, such as zone=a");
            }

            if (!labels.TryAdd(text[..at], text[(at + 1)..]))
            {
                throw CliException.BadInput($"--label {text}: the label {text[..at]} is given twice");
            }
        }

        return labels.ToImmutable();
    }

    /// <summary>Null where neither is given; one that is not given is what the machine (or the cgroup) has.</summary>
    public static NodeCapacity? Capacity(string? cpuText, string? memoryText)
    {
        if (cpuText is null && memoryText is null)
        {
            return null;
        }

        var cpu = new Cpu(Environment.ProcessorCount * 1000L);
        if (cpuText is not null && !Cpu.TryParse(cpuText, out cpu))
        {
            throw CliException.BadInput($"--cpu {cpuText}: give cores or thousandths of one, such as 2 or 500m");
        }

        var memory = new ByteSize((long)(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes * MemoryShare));
        if (memoryText is not null && !ByteSize.TryParse(memoryText, out memory))
        {
            throw CliException.BadInput($"--memory {memoryText}: give a size such as 512Mi or 4Gi");
        }

        return new NodeCapacity(cpu, memory);
    }

    /// <summary>Only for tests: <c>TUTTI_TEST_ROUTE_ANY_VERSION=1</c> switches version-aware routing off. Nothing a user is told of.</summary>
    public static bool RouteAnyVersion(Terminal terminal) => terminal.Environment("TUTTI_TEST_ROUTE_ANY_VERSION") == "1";

    /// <summary>Reads <c>20000-32767</c>.</summary>
    public static (int First, int Last) Ports(string text)
    {
        var parts = text.Split('-');
        if (parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            && first >= 1 && first <= last && last <= 65535)
        {
            return (first, last);
        }

        throw CliException.BadInput($"--ports {text}: give FIRST-LAST from 1 to 65535, such as 20000-32767");
    }
}
