using System.Collections.Immutable;
using Tutti.Control.State;
using Tutti.Model.Agents;
using Tutti.Model.Manifest;
using Tutti.Server.Discovery;

namespace Tutti.Server.Nodes;

/// <summary>What an agent is told about one instance.</summary>
internal static class AssignmentBuilder
{
    /// <summary>Builds the assignment of an instance from its own version set.</summary>
    /// <exception cref="InvalidOperationException">The set does not hold the instance's service: the state is broken.</exception>
    public static Assignment Of(ClusterState state, Instance instance)
    {
        var architecture = state.Set(instance.Architecture, instance.Set)?.Spec;
        if (architecture?.Services.GetValueOrDefault(instance.Service) is not { Run: { } run } service)
        {
            throw new InvalidOperationException(
                $"instance {instance.Key} runs {instance.Service} of version set {instance.Set}, which has no such service");
        }

        return new Assignment
        {
            Instance = instance.Id,
            Architecture = instance.Architecture,
            Service = instance.Service,
            Version = instance.Version,
            Set = instance.Set,
            Attempt = instance.Attempt,
            Goal = instance.Goal,
            Kind = service.Kind,
            Run = run,
            Ports = service.Ports,
            Env = service.Env,
            Resources = service.Resources,
            Health = service.Health,
            Stop = service.Stop,
            Volumes = service.Volumes,
            Upstreams = Upstreams(architecture, service),
        };
    }

    /// <summary>Whether an agent would be told something else; a set never changes, so its number stands for all it holds.</summary>
    public static bool Differs(Instance before, Instance after) =>
        before.Goal != after.Goal || before.Attempt != after.Attempt || before.Set != after.Set || !before.Version.Equals(after.Version)
        || before.Node != after.Node || before.Service != after.Service;

    private static ImmutableArray<UpstreamAssignment> Upstreams(ArchitectureSpec architecture, ServiceSpec consumer)
    {
        var upstreams = ImmutableArray.CreateBuilder<UpstreamAssignment>(consumer.DependsOn.Count);
        foreach (var (name, dependency) in consumer.DependsOn)
        {
            if (architecture.Services.GetValueOrDefault(name) is not { } provider)
            {
                throw new InvalidOperationException($"{architecture.Name} has no service '{name}' for a dependency to lead to");
            }

            var port = PortOf(provider, dependency);
            upstreams.Add(new UpstreamAssignment
            {
                Service = name,
                Port = port.Name,
                Protocol = port.Protocol,
                Accepts = dependency.Accepts,
                Optional = dependency.Optional,
                ExternalUrl = provider.External?.Url,
            });
        }

        return upstreams.ToImmutable();
    }

    private static ProviderPort PortOf(ServiceSpec provider, DependencySpec dependency)
    {
        if (provider.External is { } external && Uri.TryCreate(external.Url, UriKind.Absolute, out var url))
        {
            var only = ProviderPort.OfExternal(provider, url);
            return dependency.Port is { } asked ? only with { Name = asked } : only;
        }

        var name = dependency.Port ?? (provider.Ports.ContainsKey("http") || provider.Ports.Count != 1 ? "http" : provider.Ports.First().Key);
        return new ProviderPort(name, provider.Ports.GetValueOrDefault(name)?.Protocol ?? PortProtocol.Http);
    }
}
