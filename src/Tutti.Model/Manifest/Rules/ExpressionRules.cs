using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Tutti.Model.Manifest.Yaml;
using Tutti.Model.Problems;

namespace Tutti.Model.Manifest.Rules;

/// <summary>Every <c>${...}</c> in env, command and exec names something that the agent can put there.</summary>
internal static partial class ExpressionRules
{
    private const string Forms = "${port.X}, ${upstream.S.url|host|port}, ${volume.X}, ${instance.id|node|service|version}, ${secret.NAME}";

    private static readonly string[] _ofInstance = ["id", "node", "service", "version"];
    private static readonly string[] _ofUpstream = ["url", "host", "port"];

    public static void Check(RuleContext context)
    {
        foreach (var (name, service) in context.Spec.Services)
        {
            var owner = new Owner(context, $"services.{name}", name, [.. service.Ports.Keys], [.. service.DependsOn.Keys], [.. service.Volumes.Keys]);
            owner.CheckAll(context.Node("services", name, "env"));
            owner.CheckAll(context.Node("services", name, "run", "command"));
            owner.CheckAll(context.Node("services", name, "health", "exec"));
        }

        foreach (var (name, job) in context.Spec.Jobs)
        {
            var owner = new Owner(context, $"jobs.{name}", name, [], [.. job.DependsOn.Keys], []);
            owner.CheckAll(context.Node("jobs", name, "env"));
            owner.CheckAll(context.Node("jobs", name, "run", "command"));
        }
    }

    // A dollar before it makes it text: $${x} reaches the process as ${x}.
    [GeneratedRegex(@"(?<!\$)\$\{(?<name>[^{}]*)(?<end>\}?)")]
    private static partial Regex Expression();

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_.-]{0,127}\z")]
    private static partial Regex SecretName();

    private sealed record Fault(string Rule, string Because, IEnumerable<string> Right);

    private sealed record Owner(RuleContext Context, string Path, string Name, ImmutableArray<string> Ports, ImmutableArray<string> Upstreams, ImmutableArray<string> Volumes)
    {
        public void CheckAll(YamlNode? node)
        {
            switch (node)
            {
                case YamlScalar scalar:
                    CheckText(scalar);
                    break;
                case YamlList list:
                    Array.ForEach([.. list.Items.OfType<YamlScalar>()], CheckText);
                    break;
                case YamlMap map:
                    Array.ForEach([.. map.Entries.Select(e => e.Value).OfType<YamlScalar>()], CheckText);
                    break;
            }
        }

        private void CheckText(YamlScalar scalar)
        {
            foreach (Match match in Expression().Matches(scalar.Value))
            {
                if (FaultOf(match) is not { } fault)
                {
                    continue;
                }

                var written = match.Value;
                var nearest = Spelling.Nearest(match.Groups["name"].Value, fault.Right) is { } right ? "${" + right + "}" : null;
                var shown = written.Length <= 80 ? written : written[..80] + "…";
                Context.Problems.Add(fault.Rule, scalar.Place,
                    $"{Path} uses {shown}, but {fault.Because}{(nearest is null ? "" : $"; did you mean {nearest}?")}",
                    written, fault.Right.Any() ? string.Join(", ", fault.Right.Select(r => "${" + r + "}")) : Forms, nearest);
            }
        }

        private Fault? FaultOf(Match match)
        {
            var parts = match.Groups["name"].Value.Split('.');
            if (match.Groups["end"].Length == 0)
            {
                return new Fault("bad-reference", "it is not closed; end it with '}'", []);
            }

            return parts[0] switch
            {
                "port" when parts.Length == 2 => Declared(parts[1], Ports, "port", "unknown-port", $"declares no port '{parts[1]}'; add it under ports"),
                "volume" when parts.Length == 2 => Declared(parts[1], Volumes, "volume", "unknown-volume", $"declares no volume '{parts[1]}'; add it under volumes"),
                "upstream" when parts.Length == 3 => UpstreamFault(parts[1], parts[2]),
                "instance" when parts.Length == 2 && _ofInstance.Contains(parts[1]) => null,
                "secret" when match.Groups["name"].Value is var all && all.Length > 7 => SecretName().IsMatch(all[7..])
                    ? null
                    : new Fault("bad-reference", "a secret's name has letters, digits, '_', '.' and '-', a letter first, at most 128", []),
                _ => new Fault("bad-reference", $"there is only {Forms}; write $${{ for a literal ${{", Known()),
            };
        }

        private Fault? Declared(string asked, ImmutableArray<string> declared, string source, string rule, string because) =>
            declared.Contains(asked) ? null : new Fault(rule, $"{Name} {because}", declared.Select(d => $"{source}.{d}"));

        private Fault? UpstreamFault(string service, string part)
        {
            var right = Upstreams.SelectMany(u => _ofUpstream.Select(p => $"upstream.{u}.{p}"));
            if (!Upstreams.Contains(service))
            {
                return new Fault("unknown-upstream", $"{Name} does not depend on '{service}'; add it under dependsOn", right);
            }

            return _ofUpstream.Contains(part) ? null : new Fault("bad-reference", "an upstream has url, host and port", right);
        }

        private IEnumerable<string> Known() =>
        [
            .. Ports.Select(p => $"port.{p}"),
            .. Volumes.Select(v => $"volume.{v}"),
            .. _ofInstance.Select(i => $"instance.{i}"),
            .. Upstreams.SelectMany(u => _ofUpstream.Select(p => $"upstream.{u}.{p}")),
        ];
    }
}
