using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest.Shapes;
using Tutti.Model.Manifest.Yaml;
using Tutti.Model.Problems;
using Tutti.Model.Quantities;

namespace Tutti.Model.Manifest.Rules;

/// <summary>Counts, scaling, limits, fixed ports and volumes make sense together.</summary>
internal static class InstanceRules
{
    public static void Check(RuleContext context)
    {
        foreach (var (name, service) in context.Spec.Services)
        {
            CheckCounts(context, name, service.Instances);
            CheckScale(context, name, service);
            CheckLimits(context, service.Resources, "services", name);
            CheckFixedPorts(context, name, service);
            CheckVolumes(context, name, service);
        }

        foreach (var (name, job) in context.Spec.Jobs)
        {
            CheckLimits(context, job.Resources, "jobs", name);
        }
    }

    private static void CheckCounts(RuleContext context, string name, InstancesSpec instances)
    {
        if (instances.Min > instances.Max)
        {
            context.Problems.Add("instances-order", context.At("services", name, "instances", "min"),
                $"services.{name}.instances has min {instances.Min} above max {instances.Max}; swap them or raise max",
                found: $"{instances.Min}", expected: $"at most {instances.Max}");
        }
    }

    private static void CheckScale(RuleContext context, string name, ServiceSpec service)
    {
        if (service is not { Scale: { Target.Length: > 0 } scale } || context.Node("services", name, "scale", "on") is not YamlScalar { Value: var on })
        {
            return;
        }

        var (fits, expected) = on switch
        {
            "cpu" or "memory" => (TextForms.TryPercent(scale.Target, out _), "a percentage such as 70%"),
            "latency" => (Durations.TryParse(scale.Target, out var d) && d > TimeSpan.Zero, "a duration such as 200ms"),
            "requests" or "concurrency" => (decimal.TryParse(scale.Target, System.Globalization.CultureInfo.InvariantCulture, out var n) && n > 0, "a number above 0 such as 100"),
            _ => (true, ""),
        };
        if (!fits)
        {
            context.Problems.Add("bad-target", context.At("services", name, "scale", "target"),
                $"services.{name}.scale.target is '{scale.Target}', but scaling on {on} needs {expected}", scale.Target, expected);
        }

        if (service.Instances.Min == service.Instances.Max)
        {
            context.Problems.Add("scale-without-range", context.KeyAt("services", name, "scale"),
                $"services.{name} can't scale, as min and max are both {service.Instances.Min}; give instances a min and a larger max, or remove scale",
                severity: Severity.Warning);
        }
    }

    private static void CheckLimits(RuleContext context, ResourceSpec resources, string section, string name)
    {
        if (resources.Limits?.Cpu is { } cpu && cpu < resources.Cpu)
        {
            context.Problems.Add("limit-below-request", context.At(section, name, "resources", "limits", "cpu"),
                $"{section}.{name}.resources reserves {resources.Cpu} cpu, but limits it to {cpu}; raise the limit or reserve less", $"{cpu}", $"at least {resources.Cpu}");
        }

        if (resources.Limits?.Memory is { } memory && memory < resources.Memory)
        {
            context.Problems.Add("limit-below-request", context.At(section, name, "resources", "limits", "memory"),
                $"{section}.{name}.resources reserves {resources.Memory} memory, but limits it to {memory}; raise the limit or reserve less", $"{memory}", $"at least {resources.Memory}");
        }
    }

    private static void CheckFixedPorts(RuleContext context, string name, ServiceSpec service)
    {
        foreach (var group in service.Ports.Where(p => p.Value.Number is not null).GroupBy(p => p.Value.Number))
        {
            var names = group.Select(p => p.Key).ToList();
            for (var i = 1; i < names.Count; i++)
            {
                context.Problems.Add("duplicate-port", context.At("services", name, "ports", names[i], "number"),
                    $"services.{name} fixes both {names[0]} and {names[i]} to port {group.Key}; give one of them another number, or leave it out to have one assigned",
                    found: $"{group.Key}");
            }
        }
    }

    private static void CheckVolumes(RuleContext context, string name, ServiceSpec service)
    {
        if (service is { Kind: ServiceKind.Cattle, Volumes.IsEmpty: false, External: null })
        {
            context.Problems.Add("volume-on-cattle", context.KeyAt("services", name, "volumes"),
                $"services.{name} has volumes, but cattle keep nothing; make it a pet with kind: pet, or remove them", expected: "volumes only where kind is pet");
        }
    }
}
