using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Tutti.Model.Manifest;

/// <summary>Batch work.</summary>
public sealed record JobSpec
{
    /// <summary>How it runs.</summary>
    public required RunSpec Run { get; init; }

    /// <summary>When; null: only on request.</summary>
    public ScheduleSpec? Schedule { get; init; }

    /// <summary>Environment variables.</summary>
    public ImmutableSortedDictionary<string, string> Env { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>What placement reserves.</summary>
    public ResourceSpec Resources { get; init; } = new();

    /// <summary>Where it may run.</summary>
    public PlacementSpec Placement { get; init; } = new();

    /// <summary>What it calls.</summary>
    public ImmutableSortedDictionary<string, DependencySpec> DependsOn { get; init; } = ImmutableSortedDictionary<string, DependencySpec>.Empty;

    /// <summary>Further attempts after a failed one, 0 to 100.</summary>
    public int Retries { get; init; }

    /// <summary>Longest run; null: none.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Jobs that must have succeeded in the same schedule slot.</summary>
    public ImmutableArray<string> After { get; init; } = [];
}

/// <summary>When a job runs.</summary>
public sealed record ScheduleSpec
{
    /// <summary>Five-field cron expression.</summary>
    public required string Cron { get; init; }

    /// <summary>IANA time zone; UTC by default.</summary>
    public string Timezone { get; init; } = "UTC";

    /// <summary>What happens when the one before still runs.</summary>
    public OverlapPolicy Overlap { get; init; } = OverlapPolicy.Forbid;

    /// <summary>Missed slots that are made up for, 0 to 100.</summary>
    public int CatchUp { get; init; }
}

/// <summary>What happens when the run before still goes on.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OverlapPolicy>))]
public enum OverlapPolicy
{
    /// <summary>The new one is skipped.</summary>
    [JsonStringEnumMemberName("forbid")]
    Forbid,

    /// <summary>Both run.</summary>
    [JsonStringEnumMemberName("allow")]
    Allow,

    /// <summary>The old one is stopped.</summary>
    [JsonStringEnumMemberName("replace")]
    Replace,
}
