using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tutti.Model.Manifest.Shapes;

namespace Tutti.Model.Manifest;

/// <summary>The manifest's JSON Schema (draft 2020-12) for editors, written from the description that the reader checks by.</summary>
/// <remarks>Whatever the reader accepts, the schema accepts, except a number or flag without quotes as a name. Within a service no key is required, as it may stand in the defaults.</remarks>
public static class ManifestSchema
{
    /// <summary>The schema as indented JSON.</summary>
    public static string Json()
    {
        var definitions = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Tutti manifest, tutti/v1",
            ["description"] = "One architecture: its services, routes, topics, jobs and workflows.",
        };
        foreach (var (name, value) in Section(ManifestShapes.Manifest, definitions, partial: false).ToList())
        {
            schema[name] = value?.DeepClone();
        }

        var defs = new JsonObject();
        foreach (var (name, definition) in definitions)
        {
            defs[name] = definition;
        }

        schema["$defs"] = defs;
        return schema.ToJsonString(new JsonSerializerOptions(TuttiJson.Indented));
    }

    private static JsonObject Of(Shape shape, SortedDictionary<string, JsonObject> definitions, bool partial)
    {
        switch (shape)
        {
            case TextShape text:
                return Text(text.Form);
            case ChoiceShape choice:
                return new JsonObject { ["enum"] = new JsonArray([.. choice.Words.Select(w => (JsonNode)w)]) };
            case NumberShape number:
                return new JsonObject { ["type"] = "integer", ["minimum"] = number.Least, ["maximum"] = number.Most };
            case FlagShape:
                return new JsonObject { ["type"] = "boolean" };
            case ListShape { AtLeast: > 0 } list:
                return new JsonObject { ["type"] = "array", ["items"] = Of(list.Item, definitions, partial), ["minItems"] = list.AtLeast };
            case ListShape list:
                return new JsonObject { ["type"] = Types("array", "null"), ["items"] = Of(list.Item, definitions, partial) };
            case MapShape map:
                return new JsonObject
                {
                    ["type"] = Types("object", "null"),
                    ["propertyNames"] = new JsonObject { ["pattern"] = map.Key.Pattern, ["description"] = map.Key.Expected },
                    ["additionalProperties"] = Of(map.Value, definitions, partial || map.Value == ServiceShapes.Service),
                };
            case EitherShape either:
                return new JsonObject { ["anyOf"] = new JsonArray(Of(either.Short, definitions, partial), Of(either.Long, definitions, partial)) };
            case SectionShape section:
                if (definitions.TryAdd(section.Name, []))
                {
                    definitions[section.Name] = Section(section, definitions, partial || section == ServiceShapes.Defaults);
                }

                return new JsonObject { ["$ref"] = "#/$defs/" + section.Name };
            default:
                throw new InvalidOperationException($"no schema for {shape}");
        }
    }

    private static JsonObject Section(SectionShape section, SortedDictionary<string, JsonObject> definitions, bool partial)
    {
        var properties = new JsonObject();
        foreach (var key in section.Keys)
        {
            properties[key.Name] = Described(key, Of(key.Shape, definitions, partial));
        }

        var required = section.Keys.Where(k => k.Required && !partial).Select(k => (JsonNode)k.Name).ToArray();
        var schema = new JsonObject
        {
            ["type"] = required.Length > 0 ? "object" : Types("object", "null"),
            ["properties"] = properties,
            ["additionalProperties"] = false,
        };
        if (required.Length > 0)
        {
            schema["required"] = new JsonArray(required);
        }

        return schema;
    }

    private static JsonObject Described(Key key, JsonObject schema)
    {
        schema["description"] = key.Default is null ? key.Description : $"{key.Description} (default: {key.Default})";
        if (key.Default is { } written && DefaultValue(key.Shape, written) is { } value)
        {
            schema["default"] = value;
        }

        return schema;
    }

    // Only defaults that are values; some are said in words, such as "http, or its only one".
    private static JsonNode? DefaultValue(Shape shape, string written) => shape switch
    {
        NumberShape when int.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
        FlagShape => written == "true",
        ChoiceShape => written,
        TextShape text when text.Form.Fault(written) is null => written,
        EitherShape either => DefaultValue(either.Short, written),
        _ => null,
    };

    private static JsonObject Text(TextForm form)
    {
        var schema = new JsonObject
        {
            ["type"] = form == TextForms.Any || form == TextForms.Filled ? Types("string", "number", "boolean") : form.MayBeNumber ? Types("string", "number") : "string",
        };
        if (form.MayBeNumber && form != TextForms.Any && form != TextForms.Filled)
        {
            schema["minimum"] = 0;
        }

        if (form.Pattern is { } pattern)
        {
            schema["pattern"] = pattern;
            schema["errorMessage"] = form.Expected;
        }

        return schema;
    }

    private static JsonArray Types(params ReadOnlySpan<string> types)
    {
        var array = new JsonArray();
        foreach (var type in types)
        {
            array.Add((JsonNode)type);
        }

        return array;
    }
}
