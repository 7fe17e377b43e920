using System.Collections.Immutable;
using Tutti.Model.Lifecycle;
using Tutti.Model.Versions;

namespace Tutti.Model.Manifest;

/// <summary>What was asked of one service: its release and its environment.</summary>
public sealed record ServiceSpec
{
    /// <summary>Null only for an external service.</summary>
    public ReleaseVersion? Version { get; init; }

    /// <summary>How much the architecture needs it.</summary>
    public Criticality Criticality { get; init; } = Criticality.Critical;

    /// <summary>Who answers for it; shown on the map.</summary>
    public string? Owner { get; init; }

    /// <summary>Cattle or pet.</summary>
    public ServiceKind Kind { get; init; } = ServiceKind.Cattle;

    /// <summary>How Tutti runs it; null for an external service.</summary>
    public RunSpec? Run { get; init; }

    /// <summary>Where it is, when Tutti does not run it.</summary>
    public ExternalSpec? External { get; init; }

    /// <summary>Ports by name.</summary>
    public ImmutableSortedDictionary<string, PortSpec> Ports { get; init; } = ImmutableSortedDictionary<string, PortSpec>.Empty;

    /// <summary>Environment variables, <c>${...}</c> not yet expanded.</summary>
    public ImmutableSortedDictionary<string, string> Env { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>What placement reserves, and what the runtime enforces.</summary>
    public ResourceSpec Resources { get; init; } = new();

    /// <summary>How many.</summary>
    public InstancesSpec Instances { get; init; } = new();

    /// <summary>False: no rollback past this release without force.</summary>
    public bool Reversible { get; init; } = true;

    /// <summary>Null: an instance is in Run as soon as each declared port accepts a connection.</summary>
    public HealthSpec? Health { get; init; }

    /// <summary>What it calls, by service name.</summary>
    public ImmutableSortedDictionary<string, DependencySpec> DependsOn { get; init; } = ImmutableSortedDictionary<string, DependencySpec>.Empty;

    /// <summary>Topics it writes.</summary>
    public ImmutableArray<string> Publishes { get; init; } = [];

    /// <summary>Topics it reads.</summary>
    public ImmutableArray<string> Subscribes { get; init; } = [];

    /// <summary>Where its instances may run.</summary>
    public PlacementSpec Placement { get; init; } = new();

    /// <summary>How it moves from one release or environment to another.</summary>
    public UpdateSpec Update { get; init; } = new();

    /// <summary>What drives the number of instances between min and max; null: always min.</summary>
    public ScaleSpec? Scale { get; init; }

    /// <summary>How an instance is stopped.</summary>
    public StopSpec Stop { get; init; } = new();

    /// <summary>Folders that outlive an instance, by name; pets only.</summary>
    public ImmutableSortedDictionary<string, VolumeSpec> Volumes { get; init; } = ImmutableSortedDictionary<string, VolumeSpec>.Empty;

    /// <summary>How hard to try before asking a person.</summary>
    public RecoverSpec Recover { get; init; } = new();
}
