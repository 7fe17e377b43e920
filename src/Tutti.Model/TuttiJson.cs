using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Tutti.Model.Problems;
using Tutti.Model.Quantities;

namespace Tutti.Model;

/// <summary>The one JSON dialect of documents, agent protocol and API: camelCase, nulls left out, quantities and durations as the manifest spells them.</summary>
/// <remarks>By reflection and not source-generated: a generated deserializer drops the initial values of <c>init</c> properties
/// that are missing from the text, so a document written before a property existed would read back without its default.</remarks>
public static class TuttiJson
{
    /// <summary>For machines: one line.</summary>
    public static readonly JsonSerializerOptions Options = Create(indented: false);

    /// <summary>For people: indented by two spaces.</summary>
    public static readonly JsonSerializerOptions Indented = Create(indented: true);

    private static JsonSerializerOptions Create(bool indented)
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            RespectNullableAnnotations = true,
            MaxDepth = 64,
            WriteIndented = indented,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
            Converters = { new DurationJsonConverter(), new JsonStringEnumConverter<Severity>(JsonNamingPolicy.CamelCase) },
        };
        options.MakeReadOnly();
        return options;
    }
}
