using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tutti.Model;
using Tutti.Model.Manifest;

namespace Tutti.Decisions.Versions;

/// <summary>Brings what was read back into the shape in which the manifest spells it, where its JSON differs from that.</summary>
internal static class ManifestShape
{
    /// <summary>Path of the number of instances.</summary>
    public const string Instances = "instances";

    /// <summary>Any part whose JSON is spelled like the manifest.</summary>
    public static JsonObject Of<T>(T part) => JsonSerializer.SerializeToNode(part, TuttiJson.Options)!.AsObject();

    /// <summary>A service.</summary>
    public static JsonObject Of(ServiceSpec service)
    {
        var shape = Of<ServiceSpec>(service);
        shape[Instances] = OfInstances(service.Instances);
        ShapePlacement(shape, service.Placement);
        shape["update"]!["steps"] = List(service.Update.Steps.Select(step => $"{step}%"));
        var recover = shape["recover"]!.AsObject();
        recover["backoff"] = $"{Text(recover, "backoffMin")}..{Text(recover, "backoffMax")}";
        recover.Remove("backoffMin");
        recover.Remove("backoffMax");
        return shape;
    }

    /// <summary>One number, or min and max.</summary>
    public static JsonNode OfInstances(InstancesSpec instances) => instances.Min == instances.Max ? JsonValue.Create(instances.Min) : Of(instances);

    /// <summary>All jobs by name.</summary>
    public static JsonObject Jobs(ImmutableSortedDictionary<string, JobSpec> jobs)
    {
        var shape = Of(jobs);
        foreach (var (name, job) in jobs)
        {
            ShapePlacement(shape[name]!.AsObject(), job.Placement);
        }

        return shape;
    }

    /// <summary>Routes by host and path, in the order in which they are tried.</summary>
    public static JsonObject Routes(ImmutableArray<RouteSpec> routes)
    {
        var shape = new JsonObject();
        foreach (var route in routes)
        {
            var name = (route.Host ?? "*") + route.Path;
            var place = name;
            for (var again = 2; shape.ContainsKey(place); again++)
            {
                place = $"{name} ({again})";
            }

            shape[place] = route.Port is null ? route.To : $"{route.To}:{route.Port}";
        }

        return shape;
    }

    /// <summary>Workflow documents by path.</summary>
    public static JsonObject Workflows(ImmutableArray<string> workflows)
    {
        var shape = new JsonObject();
        if (!workflows.IsEmpty)
        {
            shape["workflows"] = List(workflows);
        }

        return shape;
    }

    private static void ShapePlacement(JsonObject owner, PlacementSpec placement) =>
        owner["placement"]!["constraints"] = List(placement.Constraints.Select(Placement.ConstraintMatch.Spell));

    private static JsonArray List(IEnumerable<string> items) => [.. items.Select(item => (JsonNode)item)];

    private static string Text(JsonObject owner, string name) => owner[name]!.GetValue<string>();
}
