using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest.Shapes;
using Tutti.Model.Problems;

namespace Tutti.Model.Manifest.Rules;

/// <summary>A service does not depend, other than optionally, on a less critical one.</summary>
internal static class CriticalityRules
{
    public static void Check(RuleContext context)
    {
        foreach (var (name, service) in context.Spec.Services)
        {
            foreach (var (provider, dependency) in service.DependsOn)
            {
                // Criticalities sort from the most critical on.
                if (!dependency.Optional && context.Spec.Services.TryGetValue(provider, out var other) && other.Criticality > service.Criticality)
                {
                    Add(context, name, service.Criticality, provider, other.Criticality);
                }
            }
        }
    }

    private static void Add(RuleContext context, string name, Criticality own, string provider, Criticality other)
    {
        var (needed, given) = (ChoiceWords<Criticality>.Of(own), ChoiceWords<Criticality>.Of(other));
        context.Problems.Add("criticality-inversion", context.KeyAt("services", name, "dependsOn", provider),
            $"{name} is {needed} but depends on {provider}, which is only {given}; make {provider} {needed}, or the dependency optional",
            found: given, expected: $"at least {needed}", severity: context.Spec.Strict ? Severity.Error : Severity.Warning);
    }
}
