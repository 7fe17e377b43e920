using System.Collections.Immutable;
using Tutti.Model.Versions;

namespace Tutti.Model.Manifest.Rules;

/// <summary>The chosen versions accept each other.</summary>
internal static class AcceptanceRules
{
    public static void Check(RuleContext context)
    {
        if (context.IsPartial)
        {
            // What will run beside a release is decided by the set that has it.
            return;
        }

        var consumers = AllConsumers(context.Spec).ToLookup(c => c.Provider);
        foreach (var provider in consumers)
        {
            if (!context.Spec.Services.TryGetValue(provider.Key, out var service) || service.Version is not { } version)
            {
                continue;
            }

            var all = provider.ToList();
            foreach (var refusing in all.Where(c => !c.Accepts.Accepts(version)))
            {
                Add(context, refusing, version, all);
            }
        }
    }

    private static IEnumerable<Consumer> AllConsumers(ArchitectureSpec spec)
    {
        foreach (var (name, service) in spec.Services)
        {
            foreach (var (provider, dependency) in service.DependsOn)
            {
                yield return new Consumer("services", name, service.Version is { } version ? $"{name} {version}" : name, provider, dependency.Accepts);
            }
        }

        foreach (var (name, job) in spec.Jobs)
        {
            foreach (var (provider, dependency) in job.DependsOn)
            {
                yield return new Consumer("jobs", name, $"the job {name}", provider, dependency.Accepts);
            }
        }
    }

    private static void Add(RuleContext context, Consumer consumer, ReleaseVersion version, List<Consumer> all)
    {
        var provider = consumer.Provider;
        var nearest = NearestVersion.Of(version, [.. all.Select(c => c.Accepts)]);
        var against = all.Where(c => c != consumer && NearestVersion.Of(version, [consumer.Accepts, c.Accepts]) is null).ToList();
        var way = nearest is not null
            ? $"{provider} must be in {consumer.Accepts} (nearest that everyone accepts: {provider} {nearest}), or {consumer.Name} another release that accepts {provider} {version}"
            : against.Count > 0
                ? $"{provider} must be in {consumer.Accepts}, which {string.Join(" and ", against.Select(c => $"{c.Title} (accepts {c.Accepts})"))} refuses; {consumer.Name} or {against[0].Name} must move to another release"
                : $"{provider} must be in {consumer.Accepts}, but no version suits all that call it; {consumer.Name} must move to another release";
        context.Problems.Add("version-not-accepted", context.At(consumer.Section, consumer.Name, "dependsOn", provider, "accepts"),
            $"{consumer.Title} accepts {provider} {consumer.Accepts}, but the manifest has {provider} {version}: {way}",
            found: version.ToString(), expected: consumer.Accepts.ToString(), suggestion: nearest?.ToString());
    }

    private sealed record Consumer(string Section, string Name, string Title, string Provider, VersionRange Accepts);
}
