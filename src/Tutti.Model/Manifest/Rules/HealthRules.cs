using Tutti.Model.Problems;

namespace Tutti.Model.Manifest.Rules;

/// <summary>A health check has one kind of probe, and asks a port that is there.</summary>
internal static class HealthRules
{
    private static readonly string[] _probes = ["http", "tcp", "exec"];

    public static void Check(RuleContext context)
    {
        foreach (var (name, service) in context.Spec.Services)
        {
            if (service is { Health: { } health, External: null })
            {
                CheckProbes(context, name);
                CheckPort(context, name, service, health);
            }
        }
    }

    private static void CheckProbes(RuleContext context, string name)
    {
        var written = _probes.Where(p => context.Has("services", name, "health", p)).ToList();
        if (written.Count != 1)
        {
            var what = written.Count == 0 ? "has no probe; give it one of http, tcp and exec" : $"has {string.Join(" and ", written)}; keep one of them";
            context.Problems.Add("health-choice", written.Count == 0 ? context.KeyAt("services", name, "health") : context.KeyAt("services", name, "health", written[1]),
                $"services.{name}.health {what}", found: string.Join(", ", written), expected: "exactly one of http, tcp and exec");
        }

        if (context.Has("services", name, "health", "port") && !context.Has("services", name, "health", "http"))
        {
            context.Problems.Add("health-choice", context.KeyAt("services", name, "health", "port"),
                $"services.{name}.health.port belongs to an http probe; remove it (a tcp probe names its port itself)");
        }
    }

    private static void CheckPort(RuleContext context, string name, ServiceSpec service, HealthSpec health)
    {
        var (key, port) = health.Tcp is not null ? ("tcp", health.Tcp) : ("port", health.Port);
        if ((health.Tcp ?? health.Http) is null || PortChoice.Of(service, port) is not null)
        {
            return;
        }

        if (port is not null)
        {
            var nearest = Spelling.Nearest(port, service.Ports.Keys);
            context.Problems.Add("unknown-port", context.At("services", name, "health", key),
                $"services.{name}.health asks the port '{port}', which {name} does not declare; {RuleContext.Remedy(nearest, $"add it under services.{name}.ports")}",
                found: port, expected: string.Join(", ", service.Ports.Keys), suggestion: nearest);
            return;
        }

        var remedy = service.Ports.IsEmpty
            ? $"{name} declares no port; add one under services.{name}.ports"
            : $"{name} has several ports and none is 'http'; say which with port: {string.Join(" or ", service.Ports.Keys)}";
        context.Problems.Add("unknown-port", context.KeyAt("services", name, "health", "http"),
            $"services.{name}.health has an http probe, but {remedy}", expected: string.Join(", ", service.Ports.Keys));
    }
}
