using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Tutti.Model.Manifest;

namespace Tutti.Decisions.Versions;

/// <summary>Compares two parts of a manifest field by field.</summary>
internal static class FieldDifference
{
    // What need not be said of a thing that comes or goes as a whole, by the name of the thing or of the map it stands in.
    private static readonly ImmutableDictionary<string, Func<JsonObject>> _defaults = new Dictionary<string, Func<JsonObject>>
    {
        ["health"] = () => ManifestShape.Of(new HealthSpec()),
        ["ports"] = () => ManifestShape.Of(new PortSpec()),
        ["dependsOn"] = () => ManifestShape.Of(new DependencySpec()),
        ["schedule"] = () => ManifestShape.Of(new ScheduleSpec { Cron = "" }),
        [""] = () => ManifestShape.Of(new JobSpec { Run = new RunSpec() }),
    }.ToImmutableDictionary();

    /// <summary>Every field that differs, once, in the order of the manifest. A field that is missing, or an empty list, is null.</summary>
    public static ImmutableArray<FieldChange> Between(JsonObject before, JsonObject after)
    {
        var changes = ImmutableArray.CreateBuilder<FieldChange>();
        Compare(changes, "", "", before, after);
        return changes.DrainToImmutable();
    }

    private static void Compare(ImmutableArray<FieldChange>.Builder changes, string path, string parent, JsonObject before, JsonObject after)
    {
        foreach (var name in before.Select(field => field.Key).Union(after.Select(field => field.Key)))
        {
            var (old, @new) = (Present(before[name]), Present(after[name]));
            if (JsonNode.DeepEquals(old, @new))
            {
                continue;
            }

            var inner = path.Length == 0 ? name : $"{path}.{name}";
            if (old is JsonObject oldPart && @new is JsonObject newPart && name != ManifestShape.Instances)
            {
                Compare(changes, inner, name, oldPart, newPart);
            }
            else
            {
                changes.Add(new FieldChange(inner, TextOf(name, parent, old), TextOf(name, parent, @new)));
            }
        }
    }

    private static JsonNode? Present(JsonNode? node) => node is JsonArray { Count: 0 } ? null : node;

    private static string? TextOf(string name, string parent, JsonNode? node) => node switch
    {
        null => null,
        JsonObject part => ManifestText.Of(WithoutDefaults(name, parent, part)),
        _ => ManifestText.Of(node),
    };

    private static JsonObject WithoutDefaults(string name, string parent, JsonObject part)
    {
        var defaults = (_defaults.GetValueOrDefault(name) ?? _defaults.GetValueOrDefault(parent))?.Invoke();
        var said = new JsonObject();
        foreach (var (key, value) in part)
        {
            if (Present(value) is { } present && !JsonNode.DeepEquals(present, defaults?[key]))
            {
                said[key] = present is JsonObject inner ? WithoutDefaults(key, name, inner) : present.DeepClone();
            }
        }

        return said.Count > 0 ? said : part;
    }
}
