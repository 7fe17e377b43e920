using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Tutti.Model.Tests.Manifest;

/// <summary>Validates JSON by the keywords of JSON Schema 2020-12 that the manifest's schema uses; an unknown keyword is a failure of the test.</summary>
internal sealed class SchemaCheck(JsonObject root)
{
    private static readonly string[] _notes = ["$schema", "$defs", "title", "description", "default", "errorMessage"];

    /// <summary>The path of the first value that the schema refuses; null: it accepts all.</summary>
    public string? Refused(JsonNode? value) => Refused(root, value, "$");

    private string? Refused(JsonObject schema, JsonNode? value, string path)
    {
        foreach (var (keyword, rule) in schema)
        {
            var refused = keyword switch
            {
                "type" => Types(rule!).Any(t => IsOf(t, value)) ? null : path,
                "enum" => rule!.AsArray().Any(v => JsonNode.DeepEquals(v, value)) ? null : path,
                "minimum" => IsOf("number", value) && value is JsonValue n && n.GetValue<decimal>() < rule!.GetValue<decimal>() ? path : null,
                "maximum" => IsOf("number", value) && value is JsonValue n && n.GetValue<decimal>() > rule!.GetValue<decimal>() ? path : null,
                "pattern" => IsOf("string", value) && !Regex.IsMatch(value!.GetValue<string>(), rule!.GetValue<string>()) ? path : null,
                "minItems" => value is JsonArray a && a.Count < rule!.GetValue<int>() ? path : null,
                "items" => First((value as JsonArray)?.Select((v, i) => Refused(rule!.AsObject(), v, $"{path}[{i}]"))),
                "properties" => First((value as JsonObject)?.Select(p => rule![p.Key] is JsonObject s ? Refused(s, p.Value, $"{path}.{p.Key}") : null)),
                "additionalProperties" => First((value as JsonObject)?.Where(p => schema["properties"]?[p.Key] is null).Select(p => rule is JsonObject s ? Refused(s, p.Value, $"{path}.{p.Key}") : $"{path}.{p.Key}")),
                "propertyNames" => First((value as JsonObject)?.Select(p => Refused(rule!.AsObject(), JsonValue.Create(p.Key), $"{path}.{p.Key}"))),
                "required" => value is JsonObject o && rule!.AsArray().Any(k => !o.ContainsKey(k!.GetValue<string>())) ? path : null,
                "anyOf" => rule!.AsArray().Any(s => Refused(s!.AsObject(), value, path) is null) ? null : path,
                "$ref" => Refused(root["$defs"]![rule!.GetValue<string>()["#/$defs/".Length..]]!.AsObject(), value, path),
                _ when _notes.Contains(keyword) => null,
                _ => throw new InvalidOperationException($"the schema uses the keyword '{keyword}', which this check does not know"),
            };
            if (refused is not null)
            {
                return refused;
            }
        }

        return null;
    }

    private static IEnumerable<string> Types(JsonNode rule) => rule is JsonArray many ? many.Select(t => t!.GetValue<string>()) : [rule.GetValue<string>()];

    private static bool IsOf(string type, JsonNode? value) => type switch
    {
        "null" => value is null,
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => value is JsonValue v && v.GetValueKind() == System.Text.Json.JsonValueKind.String,
        "boolean" => value is JsonValue v && v.GetValueKind() is (System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False),
        "integer" => value is JsonValue v && v.GetValueKind() == System.Text.Json.JsonValueKind.Number && v.GetValue<decimal>() % 1 == 0,
        _ => value is JsonValue v && v.GetValueKind() == System.Text.Json.JsonValueKind.Number,
    };

    private static string? First(IEnumerable<string?>? refusals) => refusals?.FirstOrDefault(r => r is not null);
}
