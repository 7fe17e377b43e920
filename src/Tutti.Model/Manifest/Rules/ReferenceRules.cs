using System.Collections.Immutable;
using Tutti.Model.Problems;

namespace Tutti.Model.Manifest.Rules;

/// <summary>Every name that something refers to exists: services, ports, topics, jobs, workflow files.</summary>
internal static class ReferenceRules
{
    public static void Check(RuleContext context)
    {
        foreach (var (name, service) in context.Spec.Services)
        {
            CheckDependencies(context, service.DependsOn, "services", name);
            CheckTopics(context, service.Publishes, name, "publishes", "publishes to");
            CheckTopics(context, service.Subscribes, name, "subscribes", "subscribes to");
        }

        foreach (var (name, job) in context.Spec.Jobs)
        {
            CheckDependencies(context, job.DependsOn, "jobs", name);
            CheckAfter(context, job, name);
        }

        CheckRoutes(context);
        CheckWorkflows(context);
    }

    private static void CheckDependencies(RuleContext context, ImmutableSortedDictionary<string, DependencySpec> dependencies, string section, string name)
    {
        foreach (var (provider, dependency) in dependencies)
        {
            if (!context.Spec.Services.TryGetValue(provider, out var service))
            {
                if (context.IsPartial)
                {
                    continue;
                }

                var nearest = Spelling.Nearest(provider, context.Spec.Services.Keys);
                context.Problems.Add("unknown-service", context.KeyAt(section, name, "dependsOn", provider),
                    $"{section}.{name} depends on '{provider}', which is no service here; {RuleContext.Remedy(nearest, "add it under services, or remove the dependency")}",
                    provider, string.Join(", ", context.Spec.Services.Keys), nearest);
            }
            else if (service.External is null || dependency.Port is not null)
            {
                CheckPort(context, $"{section}.{name} depends on", provider, service, dependency.Port,
                    dependency.Port is null ? context.KeyAt(section, name, "dependsOn", provider) : context.At(section, name, "dependsOn", provider, "port"));
            }
        }
    }

    private static void CheckPort(RuleContext context, string who, string provider, ServiceSpec service, string? port, Yaml.Place place)
    {
        if (PortChoice.Of(service, port) is not null)
        {
            return;
        }

        var ports = string.Join(", ", service.Ports.Keys);
        if (service.Ports.IsEmpty)
        {
            context.Problems.Add("unknown-port", place, $"{who} {provider}, which declares no port; add one under services.{provider}.ports", found: port);
        }
        else if (port is null)
        {
            context.Problems.Add("unknown-port", place, $"{who} {provider}, which has the ports {ports}, none of them 'http'; say which with port: {service.Ports.Keys.First()}", expected: ports);
        }
        else
        {
            var nearest = Spelling.Nearest(port, service.Ports.Keys);
            context.Problems.Add("unknown-port", place,
                $"{who} the port '{port}' of {provider}, which has {ports}; {RuleContext.Remedy(nearest, $"name one of these, or add it under services.{provider}.ports")}", port, ports, nearest);
        }
    }

    private static void CheckTopics(RuleContext context, ImmutableArray<string> topics, string name, string key, string verb)
    {
        for (var i = 0; i < topics.Length; i++)
        {
            if (topics[i].Length > 0 && !context.IsPartial && !context.Spec.Topics.ContainsKey(topics[i]))
            {
                var nearest = Spelling.Nearest(topics[i], context.Spec.Topics.Keys);
                context.Problems.Add("unknown-topic", context.At("services", name, key, $"{i}"),
                    $"services.{name} {verb} '{topics[i]}', which is no topic here; {RuleContext.Remedy(nearest, $"add '{topics[i]}: {{}}' under topics")}",
                    topics[i], string.Join(", ", context.Spec.Topics.Keys), nearest);
            }
        }
    }

    private static void CheckAfter(RuleContext context, JobSpec job, string name)
    {
        for (var i = 0; i < job.After.Length; i++)
        {
            if (job.After[i].Length > 0 && !context.Spec.Jobs.ContainsKey(job.After[i]))
            {
                var nearest = Spelling.Nearest(job.After[i], context.Spec.Jobs.Keys.Where(j => j != name));
                context.Problems.Add("unknown-job", context.At("jobs", name, "after", $"{i}"),
                    $"jobs.{name} runs after '{job.After[i]}', which is no job here; {RuleContext.Remedy(nearest, "add it under jobs, or remove it")}",
                    job.After[i], string.Join(", ", context.Spec.Jobs.Keys), nearest);
            }
        }
    }

    private static void CheckRoutes(RuleContext context)
    {
        var seen = new Dictionary<(string?, string), int>();
        for (var i = 0; i < context.Spec.Routes.Length; i++)
        {
            var route = context.Spec.Routes[i];
            var to = context.At("routes", $"{i}", "to");
            if (!seen.TryAdd((route.Host, route.Path), i))
            {
                context.Problems.Add("duplicate-route", context.At("routes", $"{i}"),
                    $"routes[{i}] has the same host and path as routes[{seen[(route.Host, route.Path)]}], which comes first; remove one of them");
            }

            if (route.To.Length == 0)
            {
                continue;
            }

            if (!context.Spec.Services.TryGetValue(route.To, out var service))
            {
                var nearest = Spelling.Nearest(route.To, context.Spec.Services.Keys);
                context.Problems.Add("unknown-service", to,
                    $"routes[{i}] leads to '{route.To}', which is no service here; {RuleContext.Remedy(nearest, "add it under services, or remove the route")}",
                    route.To, string.Join(", ", context.Spec.Services.Keys), nearest);
            }
            else if (service.External is null || route.Port is not null)
            {
                CheckPort(context, $"routes[{i}] leads to", route.To, service, route.Port, route.Port is null ? to : context.At("routes", $"{i}", "port"));
                CheckSpeaksHttp(context, i, route, service);
            }
        }
    }

    private static void CheckSpeaksHttp(RuleContext context, int index, RouteSpec route, ServiceSpec service)
    {
        if (PortChoice.Of(service, route.Port) is { } port && service.Ports[port].Protocol != PortProtocol.Http)
        {
            context.Problems.Add("route-not-http", context.At("routes", $"{index}", "to"),
                $"routes[{index}] leads to the port '{port}' of {route.To}, which speaks tcp, but the gateway forwards http; name an http port", port, "an http port");
        }
    }

    private static void CheckWorkflows(RuleContext context)
    {
        for (var i = 0; i < context.Spec.Workflows.Length; i++)
        {
            var path = context.Spec.Workflows[i];
            if (path.Length > 0 && context.FileExists is { } exists && !exists(path))
            {
                context.Problems.Add("missing-file", context.At("workflows", $"{i}"),
                    $"the workflow file '{path}' does not exist beside the manifest; write it, or mend the path", path, "a file relative to the manifest");
            }
        }
    }
}
