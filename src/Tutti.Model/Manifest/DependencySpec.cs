using System.Collections.Immutable;
using Tutti.Model.Versions;

namespace Tutti.Model.Manifest;

/// <summary>What a release accepts of another service.</summary>
public sealed record DependencySpec
{
    /// <summary>Versions it can talk to.</summary>
    public VersionRange Accepts { get; init; } = VersionRange.Any;

    /// <summary>True: it still runs without.</summary>
    public bool Optional { get; init; }

    /// <summary>The provider's port; null: <c>http</c>, or its only one.</summary>
    public string? Port { get; init; }
}

/// <summary>Where instances may run.</summary>
public sealed record PlacementSpec
{
    /// <summary>All must hold for a node.</summary>
    public ImmutableArray<ConstraintSpec> Constraints { get; init; } = [];

    /// <summary>Node label over whose values instances are spread evenly; null: none.</summary>
    public string? Spread { get; init; }
}

/// <summary>One condition over a node label: <c>disk = ssd</c>, <c>disk != hdd</c>, <c>zone in a,b</c>, <c>zone not in a,b</c>, <c>gpu exists</c>.</summary>
public sealed record ConstraintSpec
{
    /// <summary>The node label.</summary>
    public required string Label { get; init; }

    /// <summary>How the label's value is compared.</summary>
    public ConstraintOperator Operator { get; init; }

    /// <summary>One value for <c>=</c> and <c>!=</c>, one or more for <c>in</c> and <c>not in</c>, none for <c>exists</c>.</summary>
    public ImmutableArray<string> Values { get; init; } = [];
}

/// <summary>How a constraint compares. A missing label satisfies only <c>!=</c> and <c>not in</c>.</summary>
[System.Text.Json.Serialization.JsonConverter(typeof(System.Text.Json.Serialization.JsonStringEnumConverter<ConstraintOperator>))]
public enum ConstraintOperator
{
    /// <summary>Equals the value.</summary>
    [System.Text.Json.Serialization.JsonStringEnumMemberName("=")]
    Equal,

    /// <summary>Differs from the value.</summary>
    [System.Text.Json.Serialization.JsonStringEnumMemberName("!=")]
    NotEqual,

    /// <summary>Is one of the values.</summary>
    [System.Text.Json.Serialization.JsonStringEnumMemberName("in")]
    In,

    /// <summary>Is none of the values.</summary>
    [System.Text.Json.Serialization.JsonStringEnumMemberName("not in")]
    NotIn,

    /// <summary>Is there.</summary>
    [System.Text.Json.Serialization.JsonStringEnumMemberName("exists")]
    Exists,
}
