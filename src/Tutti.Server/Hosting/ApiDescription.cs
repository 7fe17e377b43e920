using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Tutti.Model;
using Tutti.Model.Quantities;
using Tutti.Model.Versions;

namespace Tutti.Server.Hosting;

/// <summary>The JSON dialect of the API and its description of itself.</summary>
internal static class ApiDescription
{
    private static readonly Dictionary<Type, (string Example, string Description)> _spelled = new()
    {
        [typeof(TimeSpan)] = ("2s", "A duration as the manifest spells it"),
        [typeof(Cpu)] = ("250m", "Processor time as the manifest spells it"),
        [typeof(ByteSize)] = ("128Mi", "An amount of memory as the manifest spells it"),
        [typeof(ReleaseVersion)] = ("1.2.0", "A version by Semantic Versioning 2"),
        [typeof(VersionRange)] = (">=2.2 <3", "A version range in npm's syntax"),
    };

    public static void AddApiDescription(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(Copy);
        services.AddOpenApi("v1", options =>
        {
            options.AddDocumentTransformer((document, _, _) =>
            {
                document.Info = new OpenApiInfo { Title = "Tutti", Version = "v1", Description = "Everything that the command line and the agents use." };
                document.Servers?.Clear();
                return Task.CompletedTask;
            });
            options.AddSchemaTransformer((schema, context, _) =>
            {
                var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
                if (_spelled.TryGetValue(type, out var spelling))
                {
                    schema.Type = JsonSchemaType.String;
                    schema.Description = spelling.Description;
                    schema.Examples = [JsonValue.Create(spelling.Example)];
                }

                return Task.CompletedTask;
            });
        });
    }

    /// <summary>The framework's options cannot be replaced, only filled; they say exactly what <see cref="TuttiJson.Options"/> says.</summary>
    private static void Copy(JsonOptions options)
    {
        var (to, from) = (options.SerializerOptions, TuttiJson.Options);
        to.PropertyNamingPolicy = from.PropertyNamingPolicy;
        to.PropertyNameCaseInsensitive = from.PropertyNameCaseInsensitive;
        to.NumberHandling = from.NumberHandling;
        to.DefaultIgnoreCondition = from.DefaultIgnoreCondition;
        to.RespectNullableAnnotations = from.RespectNullableAnnotations;
        to.MaxDepth = from.MaxDepth;
        to.Encoder = from.Encoder;
        to.TypeInfoResolver = from.TypeInfoResolver;
        foreach (var converter in from.Converters)
        {
            to.Converters.Add(converter);
        }
    }
}
