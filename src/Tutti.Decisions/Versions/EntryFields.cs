using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Tutti.Model.Manifest;

namespace Tutti.Decisions.Versions;

/// <summary>One field of a service's entry in a version set.</summary>
/// <param name="Path">Path inside the service: <c>env.LOG_LEVEL</c>.</param>
/// <param name="Value">As the manifest spells it.</param>
/// <param name="ByDefault">Whether the manifest need not say it.</param>
public sealed record EntryField(string Path, string Value, bool ByDefault);

/// <summary>Takes a service's entry apart, field by field.</summary>
public static class EntryFields
{
    private static readonly ImmutableDictionary<string, string> _defaults = Defaults();

    /// <summary>Every field that has a value, defaults included, in the order of the manifest; a list is one field, and so is the number of instances.</summary>
    public static ImmutableArray<EntryField> Of(ServiceSpec service)
    {
        var fields = ImmutableArray.CreateBuilder<EntryField>();
        foreach (var (path, value) in Leaves("", ManifestShape.Of(service)))
        {
            fields.Add(new EntryField(path, value, _defaults.GetValueOrDefault(path) == value));
        }

        return fields.DrainToImmutable();
    }

    private static IEnumerable<(string Path, string Value)> Leaves(string path, JsonObject part)
    {
        foreach (var (name, value) in part)
        {
            var inner = path.Length == 0 ? name : $"{path}.{name}";
            switch (value)
            {
                case null or JsonArray { Count: 0 }:
                    break;
                case JsonObject section when inner != ManifestShape.Instances:
                    foreach (var leaf in Leaves(inner, section))
                    {
                        yield return leaf;
                    }

                    break;
                default:
                    yield return (inner, ManifestText.Of(value));
                    break;
            }
        }
    }

    private static ImmutableDictionary<string, string> Defaults()
    {
        var service = Leaves("", ManifestShape.Of(new ServiceSpec()));
        var health = Leaves("health", ManifestShape.Of(new HealthSpec()));
        return service.Concat(health).ToImmutableDictionary(field => field.Path, field => field.Value);
    }
}
