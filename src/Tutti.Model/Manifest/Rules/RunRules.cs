using Tutti.Model.Manifest.Yaml;

namespace Tutti.Model.Manifest.Rules;

/// <summary>What a service or job must say so that it can run: a version, and exactly one way to run.</summary>
internal static class RunRules
{
    private static readonly string[] _forExternal = ["version", "criticality", "owner", "external", "ports", "publishes", "subscribes"];

    public static void Check(RuleContext context)
    {
        foreach (var (name, service) in context.Spec.Services)
        {
            CheckService(context, name, service);
        }

        foreach (var (name, job) in context.Spec.Jobs)
        {
            if (context.Node("jobs", name, "run") is not null)
            {
                CheckRun(context, job.Run, "jobs", name);
            }
        }
    }

    private static void CheckService(RuleContext context, string name, ServiceSpec service)
    {
        if (context.Node("services", name) is not YamlMap and { IsNothing: false })
        {
            return;
        }

        var place = context.KeyAt("services", name);
        if (service is { Run: not null, External: not null })
        {
            context.Problems.Add("run-choice", context.KeyAt("services", name, "external"),
                $"services.{name} has both run and external; keep one of them", expected: "exactly one of run and external");
        }
        else if (service is { Run: null, External: null })
        {
            context.Problems.Add("run-choice", place, $"services.{name} says neither how it is run nor where it is; give it 'run' or 'external'",
                expected: "exactly one of run and external");
        }
        else if (service.Run is { } run)
        {
            CheckRun(context, run, "services", name);
        }
        else
        {
            CheckExternal(context, name);
        }

        if (service.External is null && !context.Has("services", name, "version"))
        {
            context.Problems.Add("missing-version", place, $"services.{name} has no version; give it one such as 1.0.0", expected: "a version such as 1.2.0 (SemVer 2)");
        }
    }

    private static void CheckRun(RuleContext context, RunSpec run, string section, string name)
    {
        var command = context.Has(section, name, "run", "command");
        var image = context.Has(section, name, "run", "image");
        if (command != image)
        {
            return;
        }

        var what = command ? "has both command and image; keep one of them" : "has neither command nor image; give it one of them";
        context.Problems.Add("run-choice", command ? context.KeyAt(section, name, "run", "image") : context.KeyAt(section, name, "run"),
            $"{section}.{name}.run {what}", found: run.Image, expected: "exactly one of command and image");
    }

    private static void CheckExternal(RuleContext context, string name)
    {
        foreach (var entry in (context.Node("services", name) as YamlMap)?.Entries ?? [])
        {
            if (!_forExternal.Contains(entry.Key) && Shapes.ServiceShapes.Service.Find(entry.Key) is not null)
            {
                context.Problems.Add("external-key", entry.KeyPlace,
                    $"services.{name} is external, so '{entry.Key}' has no meaning; remove it", found: entry.Key, expected: string.Join(", ", _forExternal));
            }
        }
    }
}
