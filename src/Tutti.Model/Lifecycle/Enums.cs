using System.Text.Json.Serialization;

namespace Tutti.Model.Lifecycle;

/// <summary>How much the architecture needs a service. Smaller is more critical, so it sorts first.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Criticality>))]
public enum Criticality
{
    /// <summary>Nothing works without it.</summary>
    [JsonStringEnumMemberName("critical-plus")]
    CriticalPlus,

    /// <summary>Users notice at once when it is gone. The default.</summary>
    [JsonStringEnumMemberName("critical")]
    Critical,

    /// <summary>May be shed under pressure, after everything plainly sheddable.</summary>
    [JsonStringEnumMemberName("sheddable-plus")]
    SheddablePlus,

    /// <summary>First to go under pressure.</summary>
    [JsonStringEnumMemberName("sheddable")]
    Sheddable,
}

/// <summary>What a service's instances are to the operator.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ServiceKind>))]
public enum ServiceKind
{
    /// <summary>Replaceable: a lost instance is replaced by a new one anywhere.</summary>
    [JsonStringEnumMemberName("cattle")]
    Cattle,

    /// <summary>Stateful: saved in place with its identity and volumes, never two.</summary>
    [JsonStringEnumMemberName("pet")]
    Pet,
}

/// <summary>What a service is going through. Changed only through <see cref="ServiceLifecycle"/>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ServiceStatus>))]
public enum ServiceStatus
{
    /// <summary>Being supplied for the first time.</summary>
    Provision,

    /// <summary>Every instance is started, not all pass their health check yet.</summary>
    Ready,

    /// <summary>Runs as asked.</summary>
    Run,

    /// <summary>Moving to another release or environment.</summary>
    Update,

    /// <summary>Moving back to what ran before.</summary>
    Rollback,

    /// <summary>Changing only its number of instances.</summary>
    Scale,

    /// <summary>Being taken down.</summary>
    Destroy,

    /// <summary>Gave up, and says why; a person or a later change decides.</summary>
    Failed,
}

/// <summary>How well a service does, beside its status.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ServiceHealth>))]
public enum ServiceHealth
{
    /// <summary>At least the desired number of instances are in Run.</summary>
    Healthy,

    /// <summary>Some, but fewer than desired.</summary>
    Degraded,

    /// <summary>None.</summary>
    Down,
}

/// <summary>Where one instance stands. Changed only through <see cref="InstanceLifecycle"/>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<InstancePhase>))]
public enum InstancePhase
{
    /// <summary>Waits for a node, an artifact or its process.</summary>
    Provision,

    /// <summary>Its process has started.</summary>
    Ready,

    /// <summary>Passes its health check; only now in discovery.</summary>
    Run,

    /// <summary>Being stopped.</summary>
    Destroy,

    /// <summary>Exited, failed its health check, could not start, or its node is lost.</summary>
    Failed,
}
