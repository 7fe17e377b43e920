using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Control.State;
using Tutti.Server.Api;
using Tutti.Server.Discovery;
using Tutti.Server.Hosting;

namespace Tutti.Server.Instances;

/// <summary>Instances.</summary>
internal static class InstanceRoutes
{
    public static void MapInstances(this IEndpointRouteBuilder api, ServerContext server)
    {
        var group = api.MapGroup("/instances").WithTags("Instances");
        group.MapGet("", (string? architecture, string? service, string? node) => List(server, architecture, service, node))
            .WithSummary("Instances, of an architecture, a service or a node where named");
        group.MapGet("/{architecture}/{id}", (string architecture, string id) => Find(server, architecture, id))
            .WithSummary("One instance");
        group.MapGet("/{architecture}/{id}/logs", (HttpContext context, string architecture, string id, int? tail, bool? follow) =>
                LogRoutes.ReadAsync(server, context, architecture, id, tail ?? 100, follow ?? false))
            .WithSummary("Its log as text, passed on from its agent")
            .Produces<string>(contentType: "text/plain");
    }

    private static Results<Ok<InstanceDocument[]>, ProblemAnswer> List(ServerContext server, string? architecture, string? service, string? node)
    {
        var (rows, missing) = server.Control.View.Read<(List<(Instance, string?)>, ProblemAnswer?)>((state, _) =>
            Check(state, architecture, service, node) is { } problem
                ? ([], problem)
                : (Select(state, architecture, service, node).ConvertAll(i => (i, AddressOf(state, i))), null));
        if (missing is not null)
        {
            return missing;
        }

        // Documents are made outside the view's lock: there may be very many.
        rows.Sort((a, b) => a.Item1.ServiceKey.CompareTo(b.Item1.ServiceKey) is var order and not 0 ? order : string.CompareOrdinal(a.Item1.Id, b.Item1.Id));
        return TypedResults.Ok(rows.Select(row => Of(server, row.Item1, row.Item2)).ToArray());
    }

    private static Results<Ok<InstanceDocument>, ProblemAnswer> Find(ServerContext server, string architecture, string id) =>
        server.Control.View.Read<Results<Ok<InstanceDocument>, ProblemAnswer>>((state, _) =>
            state.Instances.Find($"{architecture}/{id}") is { } instance
                ? TypedResults.Ok(Of(server, instance, AddressOf(state, instance)))
                : Missing.Instance(state, architecture, id));

    private static ProblemAnswer? Check(ClusterState state, string? architecture, string? service, string? node)
    {
        if (architecture is not null && state.Architectures.Find(architecture) is null)
        {
            return Missing.Architecture(state, architecture);
        }

        if (architecture is not null && service is not null && !EndpointList.Exists(state, new ServiceKey(architecture, service)))
        {
            return Missing.Service(state, architecture, service);
        }

        return node is not null && state.Nodes.Find(node) is null ? Missing.Node(state, node) : null;
    }

    private static List<Instance> Select(ClusterState state, string? architecture, string? service, string? node)
    {
        var candidates = (architecture, service, node) switch
        {
            ({ } a, { } s, _) => state.InstancesOf(new ServiceKey(a, s)).Values,
            (_, _, { } n) => state.InstancesOn(n).Values,
            _ => state.Instances.All,
        };
        return [.. candidates.Where(i =>
            (architecture is null || i.Architecture == architecture) && (service is null || i.Service == service) && (node is null || i.Node == node))];
    }

    private static string? AddressOf(ClusterState state, Instance instance) => instance.Node is { } node ? state.Nodes.Find(node)?.Address : null;

    private static InstanceDocument Of(ServerContext server, Instance instance, string? address) => new()
    {
        Id = instance.Id,
        Architecture = instance.Architecture,
        Service = instance.Service,
        Version = instance.Version,
        Node = instance.Node,
        Phase = instance.Phase,
        Pid = instance.Pid,
        Ports = instance.Ports,
        Address = address,
        Set = instance.Set,
        Attempt = instance.Attempt,
        Since = instance.Since,
        StartedAt = instance.StartedAt,
        Reason = instance.Reason,
        ExitCode = instance.ExitCode,
        LogTail = instance.LogTail,
        Used = server.Control.Usage(instance.Key),
    };
}
