using System.Collections.Immutable;

namespace Tutti.Server.Api;

/// <summary>What differs between two version sets: <c>GET …/sets/{n}/diff</c>.</summary>
public sealed record SetDifferenceDocument
{
    /// <summary>The architecture.</summary>
    public required string Architecture { get; init; }

    /// <summary>The set that is compared.</summary>
    public required int From { get; init; }

    /// <summary>The set that it is compared with.</summary>
    public required int To { get; init; }

    /// <summary>One entry a service that differs; empty: both sets say the same.</summary>
    public ImmutableArray<ServiceChangeDocument> Changes { get; init; } = [];
}

/// <summary>Which version set changed what in a service: <c>GET …/services/{s}/blame</c>.</summary>
public sealed record BlameDocument
{
    /// <summary>The architecture.</summary>
    public required string Architecture { get; init; }

    /// <summary>The service.</summary>
    public required string Service { get; init; }

    /// <summary>The current set, whose entry this is.</summary>
    public required int Set { get; init; }

    /// <summary>The set in which the service came, and has been ever since.</summary>
    public required int Since { get; init; }

    /// <summary>Every field of the entry, defaults included, in the order of the manifest.</summary>
    public ImmutableArray<BlameFieldDocument> Fields { get; init; } = [];
}

/// <summary>One field of a service's entry and the set that gave it its value.</summary>
public sealed record BlameFieldDocument
{
    /// <summary>Path inside the service: <c>env.LOG_LEVEL</c>.</summary>
    public required string Path { get; init; }

    /// <summary>As the manifest spells it.</summary>
    public required string Value { get; init; }

    /// <summary>Whether the manifest need not say it.</summary>
    public bool ByDefault { get; init; }

    /// <summary>The set that last changed it.</summary>
    public required int Set { get; init; }

    /// <summary>Who made that set.</summary>
    public required string Author { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Why, in a line.</summary>
    public required string Message { get; init; }
}
