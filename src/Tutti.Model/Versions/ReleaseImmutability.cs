using System.Collections.Immutable;
using System.Globalization;
using Tutti.Model.Manifest;
using Tutti.Model.Manifest.Shapes;

namespace Tutti.Model.Versions;

/// <summary>What may never change under one (service, version): run, ports and dependsOn.</summary>
public static class ReleaseImmutability
{
    /// <summary>Every difference as the manifest spells it, by path inside the service; null: absent. Empty: the same release.</summary>
    /// <remarks>An artifact is its content: another path with the same digest is no difference, and where one of two artifacts has no digest yet
    /// they are not compared. How an artifact is built is no part of a release.</remarks>
    public static ImmutableArray<(string Path, string? Before, string? After)> Differences(ServiceSpec recorded, ServiceSpec asked)
    {
        var (before, after) = (Fields(recorded), Fields(asked));
        if (!AreArtifactsComparable(recorded.Run, asked.Run))
        {
            before.Remove("run.digest");
            after.Remove("run.digest");
        }

        return
        [
            .. before.Keys.Union(after.Keys).Order(StringComparer.Ordinal)
                .Select(path => (path, before.GetValueOrDefault(path), after.GetValueOrDefault(path)))
                .Where(d => d.Item2 != d.Item3),
        ];
    }

    private static bool AreArtifactsComparable(RunSpec? recorded, RunSpec? asked) => !IsUnsent(recorded) && !IsUnsent(asked);

    private static bool IsUnsent(RunSpec? run) => run is { Artifact: not null, Digest: null };

    private static Dictionary<string, string> Fields(ServiceSpec service)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        if (service.Run is { } run)
        {
            Put(fields, "run.command", run.Command.IsDefaultOrEmpty ? null : $"[{string.Join(", ", run.Command.Select(Spelled))}]");
            Put(fields, "run.image", run.Image);
            Put(fields, "run.digest", run.Digest);
            Put(fields, "run.user", run.User);
        }

        foreach (var (name, port) in service.Ports)
        {
            fields[$"ports.{name}.protocol"] = ChoiceWords<PortProtocol>.Of(port.Protocol);
            Put(fields, $"ports.{name}.number", port.Number?.ToString(CultureInfo.InvariantCulture));
        }

        foreach (var (name, dependency) in service.DependsOn)
        {
            fields[$"dependsOn.{name}.accepts"] = dependency.Accepts.ToString();
            fields[$"dependsOn.{name}.optional"] = dependency.Optional ? "true" : "false";
            Put(fields, $"dependsOn.{name}.port", dependency.Port);
        }

        return fields;
    }

    // Quoted where it would otherwise read as two arguments or none.
    private static string Spelled(string argument) =>
        argument.Length == 0 || argument.AsSpan().IndexOfAny(" ,[]\"'\t\n") >= 0
            ? "\"" + argument.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n") + "\""
            : argument;

    private static void Put(Dictionary<string, string> fields, string path, string? value)
    {
        if (value is not null)
        {
            fields[path] = value;
        }
    }
}
