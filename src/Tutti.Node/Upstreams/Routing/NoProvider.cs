using System.Collections.Immutable;
using Tutti.Model.Agents;
using Tutti.Model.Discovery;
using Tutti.Node.Upstreams.Http;

namespace Tutti.Node.Upstreams.Routing;

/// <summary>Says why a consumer is led nowhere.</summary>
internal static class NoProvider
{
    /// <summary>What a call is answered that finds no provider.</summary>
    public static Refusal Explain(Consumer consumer, UpstreamAssignment upstream, bool known, ImmutableArray<Endpoint> endpoints)
    {
        var service = upstream.Service;
        var there = !known ? $"the server has not said yet which instances of {service} are healthy"
            : endpoints.IsEmpty ? $"no instance of {service} is healthy"
            : endpoints.Any(e => e.Port == upstream.Port) ? $"healthy: {Versions(service, endpoints.Where(e => e.Port == upstream.Port))}"
            : $"no healthy instance of {service} has the port {upstream.Port}";
        var optional = upstream.Optional ? $"; the dependency is optional: {consumer.Service} is to do without" : "";
        return new Refusal(
            503,
            "no-accepted-provider",
            upstream.Optional ? "No accepted provider (optional)" : "No accepted provider",
            $"{consumer.Service} {consumer.Version} accepts {service} {upstream.Accepts}; {there}{optional}");
    }

    /// <summary>What a call is answered whose every provider refused to be connected to.</summary>
    public static Refusal Unreachable(Consumer consumer, UpstreamAssignment upstream, IEnumerable<Candidate> tried) => new(
        503,
        "provider-unreachable",
        "No provider can be reached",
        $"{consumer.Service} {consumer.Version} calls {upstream.Service}, but no connection was made to "
        + string.Join(", ", tried.Select(c => $"{Name(upstream.Service, c.Target)} at {c.Target.Host}:{c.Target.Port}")) + "; nothing was sent");

    /// <summary>A provider with its version, where it has one.</summary>
    public static string Name(string service, Target target) => target.Version is { } version ? $"{service} {version}" : service;

    private static string Versions(string service, IEnumerable<Endpoint> endpoints) => string.Join(
        ", ",
        endpoints.GroupBy(e => e.Version).OrderBy(g => g.Key).Select(g => $"{service} {g.Key} ({Count(g.Select(e => e.Instance).Distinct().Count())})"));

    private static string Count(int instances) => instances == 1 ? "1 instance" : $"{instances} instances";
}
