using System.Collections.Immutable;
using Tutti.Control.Commands;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;
using Tutti.Model.Versions;

namespace Tutti.Control.Tests;

/// <summary>Small manifests.</summary>
internal static class Shop
{
    public static ArchitectureSpec Of(params ReadOnlySpan<(string Name, ServiceSpec Spec)> services)
    {
        var builder = ImmutableSortedDictionary.CreateBuilder<string, ServiceSpec>();
        foreach (var (name, spec) in services)
        {
            builder.Add(name, spec);
        }

        return new ArchitectureSpec { Name = "shop", Services = builder.ToImmutable() };
    }

    public static ServiceSpec Service(string version, int instances = 2, UpdateSpec? update = null, string command = "run") => new()
    {
        Version = ReleaseVersion.Parse(version),
        Run = new RunSpec { Command = [command] },
        Instances = new InstancesSpec { Min = instances, Max = Math.Max(instances, 10) },
        Update = update ?? new UpdateSpec(),
    };

    public static ServiceSpec Pet(string version, int instances = 1, bool volumes = true) => Service(version, instances) with
    {
        Kind = ServiceKind.Pet,
        Volumes = volumes ? ImmutableSortedDictionary<string, VolumeSpec>.Empty.Add("data", new VolumeSpec()) : ImmutableSortedDictionary<string, VolumeSpec>.Empty,
        Recover = new RecoverSpec { Restarts = 2 },
    };

    public static ServiceSpec DependingOn(this ServiceSpec spec, string provider, string accepts = "*") =>
        spec with { DependsOn = spec.DependsOn.SetItem(provider, new DependencySpec { Accepts = VersionRange.Parse(accepts) }) };

    public static ApplyManifest Apply(params ReadOnlySpan<(string Name, ServiceSpec Spec)> services) => new(Of(services), "ann", "");
}
