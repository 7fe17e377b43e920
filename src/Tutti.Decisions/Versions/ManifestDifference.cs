using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Tutti.Model.Manifest;

namespace Tutti.Decisions.Versions;

/// <summary>What changes from one manifest to the next.</summary>
public static class ManifestDifference
{
    /// <summary>Every difference: services by name, then the other parts of the manifest (<c>jobs</c>, <c>routes</c>, <c>strict</c>, <c>topics</c>,
    /// <c>workflows</c>) by name. Values of the environment are shown as they stand: a secret stands there as a reference.</summary>
    /// <param name="current">What is in force; null: nothing yet.</param>
    /// <param name="wanted">What is asked.</param>
    /// <returns>Empty where both say the same. A service that is added or removed shows its version, instances and run only; a service that stays, and
    /// every other part, shows each changed field once.</returns>
    public static ImmutableArray<SpecChange> Between(ArchitectureSpec? current, ArchitectureSpec wanted)
    {
        current ??= new ArchitectureSpec { Name = wanted.Name };
        var changes = ImmutableArray.CreateBuilder<SpecChange>();
        foreach (var name in current.Services.Keys.Union(wanted.Services.Keys).Order(StringComparer.Ordinal))
        {
            if (Service(name, current.Services.GetValueOrDefault(name), wanted.Services.GetValueOrDefault(name)) is { } change)
            {
                changes.Add(change);
            }
        }

        AddPart(changes, "jobs", ManifestShape.Jobs(current.Jobs), ManifestShape.Jobs(wanted.Jobs), RunsDiffer(current, wanted));
        var (routesBefore, routesAfter) = (ManifestShape.Routes(current.Routes), ManifestShape.Routes(wanted.Routes));
        AddPart(changes, "routes", routesBefore, routesAfter, further: OrderChange(routesBefore, routesAfter));
        if (current.Strict != wanted.Strict)
        {
            var field = new FieldChange("strict", ManifestText.Of(current.Strict), ManifestText.Of(wanted.Strict));
            changes.Add(new SpecChange("strict", ChangeAction.Settings, [field]));
        }

        AddPart(changes, "topics", ManifestShape.Of(current.Topics), ManifestShape.Of(wanted.Topics));
        AddPart(changes, "workflows", ManifestShape.Workflows(current.Workflows), ManifestShape.Workflows(wanted.Workflows));
        return changes.DrainToImmutable();
    }

    private static SpecChange? Service(string name, ServiceSpec? before, ServiceSpec? after)
    {
        if (before is null)
        {
            return new SpecChange(name, ChangeAction.Add, [.. InShort(after!).Select(field => new FieldChange(field.Path, null, field.Text))]);
        }

        if (after is null)
        {
            return new SpecChange(name, ChangeAction.Remove, [.. InShort(before).Select(field => new FieldChange(field.Path, field.Text, null))]);
        }

        var fields = FieldDifference.Between(ManifestShape.Of(before), ManifestShape.Of(after));
        if (fields.IsEmpty)
        {
            return null;
        }

        var action = ContentHash.OfTemplate(before) != ContentHash.OfTemplate(after) ? ChangeAction.Update
            : fields.All(field => field.Path == ManifestShape.Instances) ? ChangeAction.Scale
            : ChangeAction.Settings;
        return new SpecChange(name, action, fields);
    }

    private static IEnumerable<(string Path, string Text)> InShort(ServiceSpec service)
    {
        if (service.Version is { } version)
        {
            yield return ("version", version.ToString());
        }

        if (service.External is { } external)
        {
            yield return ("external.url", external.Url);
            yield break;
        }

        yield return (ManifestShape.Instances, ManifestText.Of(ManifestShape.OfInstances(service.Instances)));
        if (service.Run is { } run)
        {
            yield return ("run", run.Image ?? string.Join(' ', run.Command));
        }
    }

    private static void AddPart(ImmutableArray<SpecChange>.Builder changes, string subject, JsonObject before, JsonObject after, bool update = false, FieldChange? further = null)
    {
        var fields = FieldDifference.Between(before, after);
        fields = further is null ? fields : fields.Add(further);
        if (!fields.IsEmpty)
        {
            var action = before.Count == 0 ? ChangeAction.Add
                : after.Count == 0 ? ChangeAction.Remove
                : update ? ChangeAction.Update
                : ChangeAction.Settings;
            changes.Add(new SpecChange(subject, action, fields));
        }
    }

    // The first route that matches wins, so the order of those that stay counts too.
    private static FieldChange? OrderChange(JsonObject before, JsonObject after)
    {
        var (old, @new) = (Staying(before, after), Staying(after, before));
        return old.SequenceEqual(@new) ? null : new FieldChange("order", Text(old), Text(@new));

        static List<string> Staying(JsonObject routes, JsonObject others) => [.. routes.Select(route => route.Key).Where(others.ContainsKey)];
        static string Text(List<string> routes) => ManifestText.Of(new JsonArray([.. routes.Select(route => (JsonNode)route)]));
    }

    // Whether a job that stays will run something else, and not only at another time.
    private static bool RunsDiffer(ArchitectureSpec current, ArchitectureSpec wanted)
    {
        return current.Jobs.Any(job => wanted.Jobs.TryGetValue(job.Key, out var other) && !JsonNode.DeepEquals(Runs(job.Value), Runs(other)));

        static JsonObject Runs(JobSpec job) => ManifestShape.Of(job with { Schedule = null, Retries = 0, Timeout = null, After = [] });
    }
}
