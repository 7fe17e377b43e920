namespace Tutti.Model.Manifest.Rules;

/// <summary>No service depends on itself by any road, and no job waits for itself.</summary>
internal static class CycleRules
{
    public static void Check(RuleContext context)
    {
        foreach (var cycle in CycleFinder.Find(context.Spec.Services.Select(s => (s.Key, s.Value.DependsOn.Keys))))
        {
            var road = string.Join(" → ", cycle);
            var message = cycle.Count == 2
                ? $"{cycle[0]} depends on itself ({road}); remove the dependency"
                : $"services depend on each other in a cycle: {road}; break it with a topic (one publishes, the other subscribes) or with a third service that calls both";
            context.Problems.Add("dependency-cycle", context.KeyAt("services", cycle[0], "dependsOn", cycle[1]), message, found: road, expected: "no cycle");
        }

        foreach (var cycle in CycleFinder.Find(context.Spec.Jobs.Select(j => (j.Key, j.Value.After.AsEnumerable()))))
        {
            var road = string.Join(" → ", cycle);
            context.Problems.Add("job-cycle", context.At("jobs", cycle[0], "after"),
                $"jobs wait for each other in a cycle: {road}; remove one of these from 'after'", found: road, expected: "no cycle");
        }
    }
}
