using Tutti.Model.Problems;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest.Shapes;
using Tutti.Model.Manifest.Yaml;

namespace Tutti.Model.Manifest.Rules;

/// <summary>An update can move, its canary steps rise, and a pet never runs twice.</summary>
internal static class UpdateRules
{
    public static void Check(RuleContext context)
    {
        foreach (var (name, service) in context.Spec.Services)
        {
            CheckFixedPort(context, name, service);
            if (context.Node("services", name, "update") is YamlMap)
            {
                CheckCanary(context, name, service.Update);
                CheckStandstill(context, name, service);
                CheckPet(context, name, service);
            }
        }
    }

    private static void CheckCanary(RuleContext context, string name, UpdateSpec update)
    {
        var inStrategy = context.Node("services", name, "update", "strategy") is YamlMap;
        var inMap = context.Has("services", name, "update", "canary");
        if (inMap && context.Has("services", name, "update", "strategy"))
        {
            context.Problems.Add("update-choice", context.KeyAt("services", name, "update", "canary"),
                $"services.{name}.update has both strategy and canary, which means strategy: canary; keep one of them");
            return;
        }

        foreach (var key in new[] { "steps", "hold" })
        {
            if (context.Has("services", name, "update", key) && (inStrategy || inMap || update.Strategy != UpdateStrategy.Canary))
            {
                context.Problems.Add("update-choice", context.KeyAt("services", name, "update", key),
                    inStrategy || inMap
                        ? $"services.{name}.update.{key} stands beside the canary's map; move it into that map"
                        : $"services.{name}.update.{key} belongs to strategy: canary, but the strategy is {ChoiceWords<UpdateStrategy>.Of(update.Strategy)}; remove it, or choose canary");
            }
        }

        if (!inStrategy && !inMap && update.Strategy == UpdateStrategy.Canary && !context.Has("services", name, "update", "steps"))
        {
            context.Problems.Add("canary-steps", context.At("services", name, "update", "strategy"),
                $"services.{name}.update is a canary without steps; add some, such as steps: [10%, 50%]", expected: "a list of percentages");
        }

        CheckRising(context, name, update, inStrategy ? ["strategy", "canary"] : inMap ? ["canary"] : []);
    }

    private static void CheckRising(RuleContext context, string name, UpdateSpec update, string[] inside)
    {
        for (var i = 1; i < update.Steps.Length; i++)
        {
            if (update.Steps[i] <= update.Steps[i - 1])
            {
                context.Problems.Add("canary-steps", context.At(["services", name, "update", .. inside, "steps", $"{i}"]),
                    $"the canary steps of services.{name}.update must rise, but {update.Steps[i]}% follows {update.Steps[i - 1]}%; put them in order",
                    found: $"{update.Steps[i]}%", expected: $"more than {update.Steps[i - 1]}%");
                return;
            }
        }
    }

    private static void CheckStandstill(RuleContext context, string name, ServiceSpec service)
    {
        if (service is { Kind: ServiceKind.Cattle, Update: { MaxSurge: 0, MaxUnavailable: 0 } })
        {
            context.Problems.Add("update-stands-still", context.KeyAt("services", name, "update", "maxSurge"),
                $"services.{name}.update allows neither an instance more (maxSurge: 0) nor one fewer (maxUnavailable: 0), so no update could move; raise one of them to at least 1",
                found: "maxSurge: 0, maxUnavailable: 0", expected: "at least one above 0");
        }
    }

    private static void CheckFixedPort(RuleContext context, string name, ServiceSpec service)
    {
        var number = service.Ports.Values.Select(port => port.Number).FirstOrDefault(fixedTo => fixedTo is not null);
        if (number is not null && service is { Kind: ServiceKind.Cattle, Instances.Max: > 0, Update.MaxUnavailable: 0 })
        {
            context.Problems.Add("fixed-port-surge", context.KeyAt("services", name, "ports"),
                $"services.{name} fixes port {number}, so one node has no room for an old and a new instance at once, and an update waits for another node; allow one fewer with update: {{ maxSurge: 0, maxUnavailable: 1 }}, or let the port be assigned",
                found: "maxUnavailable: 0", expected: "maxUnavailable: 1", severity: Severity.Warning);
        }
    }

    private static void CheckPet(RuleContext context, string name, ServiceSpec service)
    {
        if (service.Kind == ServiceKind.Pet && service.Update.Strategy != UpdateStrategy.Rolling)
        {
            var word = ChoiceWords<UpdateStrategy>.Of(service.Update.Strategy);
            var key = context.Has("services", name, "update", "strategy") ? "strategy" : "canary";
            context.Problems.Add("pet-update", context.At("services", name, "update", key),
                $"services.{name} is a pet, and {word} would run two versions of it at once; use strategy: rolling", found: word, expected: "rolling", suggestion: "rolling");
        }
    }
}
