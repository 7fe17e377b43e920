using System.Collections.Immutable;
using System.Text;
using Tutti.Model.Manifest.Reading;
using Tutti.Model.Manifest.Rules;
using Tutti.Model.Manifest.Shapes;
using Tutti.Model.Manifest.Yaml;
using Tutti.Model.Problems;

namespace Tutti.Model.Manifest;

/// <summary>Reads and validates a manifest: all problems at once, each tied to its place. Never throws, whatever the text is.</summary>
public static class ManifestReader
{
    private static readonly Action<RuleContext>[] _rules =
    [
        RunRules.Check, HealthRules.Check, UpdateRules.Check, InstanceRules.Check, ReferenceRules.Check,
        ExpressionRules.Check, CycleRules.Check, CriticalityRules.Check, AcceptanceRules.Check,
    ];

    /// <summary>Reads YAML (or JSON, which is YAML).</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="file">Its name in messages.</param>
    /// <param name="fileExists">Tells whether a path relative to the manifest exists (workflow files); null: not checked.</param>
    public static ManifestReading Read(string yaml, string file, Func<string, bool>? fileExists = null) => Read(yaml, file, fileExists, partial: false);

    /// <summary>Reads a manifest for the releases in it. The same rules hold, but it need not be whole: a service may depend on one that is not here, and on a
    /// version of one here that it does not accept, and topics need not be declared.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="file">Its name in messages.</param>
    /// <param name="fileExists">Tells whether a path relative to the manifest exists (workflow files); null: not checked.</param>
    public static ManifestReading ReadReleases(string yaml, string file, Func<string, bool>? fileExists = null) => Read(yaml, file, fileExists, partial: true);

    /// <summary>Reads YAML as it lies in a file; bytes that are no UTF-8 are a problem with its place.</summary>
    /// <param name="utf8">The bytes.</param>
    /// <param name="file">Its name in messages.</param>
    /// <param name="fileExists">Tells whether a path relative to the manifest exists (workflow files); null: not checked.</param>
    public static ManifestReading Read(ReadOnlySpan<byte> utf8, string file, Func<string, bool>? fileExists = null) =>
        Read(Encoding.UTF8.GetString(utf8), file, fileExists);

    private static ManifestReading Read(string yaml, string file, Func<string, bool>? fileExists, bool partial)
    {
        var problems = new ProblemList(file);
        var spec = YamlTreeReader.Read(yaml, problems) is { } tree ? Read(tree, problems, fileExists, partial) : null;
        return new ManifestReading(problems.HasErrors ? null : spec, problems.InOrder());
    }

    private static ArchitectureSpec Read(YamlNode tree, ProblemList problems, Func<string, bool>? fileExists, bool partial)
    {
        var root = tree as YamlMap ?? new YamlMap(tree.Place, []);
        var merged = YamlMerge.ApplyDefaults(root);
        var checker = new ShapeChecker(problems);
        checker.Check(tree is YamlMap ? merged : tree, ManifestShapes.Manifest);
        var spec = ArchitectureReader.Read(new SectionView(merged, checker));
        var context = new RuleContext(merged, spec, problems, fileExists, partial);
        foreach (var check in _rules)
        {
            check(context);
        }

        return spec;
    }
}

/// <summary>What reading gave: an architecture where there is no error, and every problem in order of place.</summary>
public sealed record ManifestReading(ArchitectureSpec? Spec, ImmutableArray<Problem> Problems);
