using System.Collections.Immutable;
using System.Globalization;
using Tutti.Model.Manifest.Shapes;
using Tutti.Model.Quantities;

namespace Tutti.Model.Manifest.Writing;

/// <summary>Writes the sections that services and jobs have in common.</summary>
internal static class SharedWriter
{
    private static readonly ResourceSpec _resources = new();

    /// <summary>A number as text, or null where it is the default.</summary>
    public static string? Number(int value, int byDefault) => value == byDefault ? null : value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A flag as text, or null where it is the default.</summary>
    public static string? Flag(bool value, bool byDefault) => value == byDefault ? null : value ? "true" : "false";

    public static void Run(YamlComposer yaml, RunSpec run) => yaml.Section("run", () =>
    {
        yaml.Texts("command", run.Command);
        yaml.Text("image", run.Image);
        yaml.Text("artifact", run.Artifact);
        yaml.Text("digest", run.Digest);
        yaml.Texts("build", run.Build);
        yaml.Text("user", run.User);
    });

    public static void Env(YamlComposer yaml, ImmutableSortedDictionary<string, string> env) => yaml.Section("env", () =>
    {
        foreach (var (name, value) in env)
        {
            yaml.Text(name, value);
        }
    });

    public static void Resources(YamlComposer yaml, ResourceSpec resources) => yaml.Section("resources", flow: true, body: () =>
    {
        yaml.Text("cpu", resources.Cpu.ToString(), _resources.Cpu.ToString());
        yaml.Text("memory", resources.Memory.ToString(), _resources.Memory.ToString());
        yaml.Section("limits", flow: true, body: () =>
        {
            yaml.Text("cpu", resources.Limits?.Cpu?.ToString());
            yaml.Text("memory", resources.Limits?.Memory?.ToString());
        });
    });

    public static void Placement(YamlComposer yaml, PlacementSpec placement) => yaml.Section("placement", () =>
    {
        yaml.Texts("constraints", [.. placement.Constraints.Select(ConstraintSyntax.Format)]);
        yaml.Text("spread", placement.Spread);
    });

    public static void DependsOn(YamlComposer yaml, ImmutableSortedDictionary<string, DependencySpec> dependencies) => yaml.Section("dependsOn", () =>
    {
        foreach (var (name, dependency) in dependencies)
        {
            yaml.Section(name, flow: true, keep: true, body: () =>
            {
                yaml.Text("accepts", dependency.Accepts.ToString(), byDefault: "*");
                yaml.Plain("optional", Flag(dependency.Optional, byDefault: false));
                yaml.Text("port", dependency.Port);
            });
        }
    });

    /// <summary>A duration, left out where it is the default.</summary>
    public static void Duration(YamlComposer yaml, string key, TimeSpan value, TimeSpan byDefault) =>
        yaml.Text(key, Durations.Format(value), Durations.Format(byDefault));
}
