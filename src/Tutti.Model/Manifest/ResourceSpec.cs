using Tutti.Model.Quantities;

namespace Tutti.Model.Manifest;

/// <summary>What an instance is promised, and what it may not exceed.</summary>
public sealed record ResourceSpec
{
    /// <summary>Reserved processor time; the default is small, so that an unspecified service still counts.</summary>
    public Cpu Cpu { get; init; } = new(50);

    /// <summary>Reserved memory.</summary>
    public ByteSize Memory { get; init; } = ByteSize.FromMebibytes(64);

    /// <summary>Enforced by the runtime where it can; null: no limit.</summary>
    public LimitSpec? Limits { get; init; }
}

/// <summary>What an instance may not exceed.</summary>
public sealed record LimitSpec
{
    /// <summary>Null: no limit.</summary>
    public Cpu? Cpu { get; init; }

    /// <summary>Null: no limit.</summary>
    public ByteSize? Memory { get; init; }
}

/// <summary>How many instances, 0 to 1,000,000. One number in the manifest means min = max.</summary>
public sealed record InstancesSpec
{
    /// <summary>At least this many.</summary>
    public int Min { get; init; } = 1;

    /// <summary>At most this many.</summary>
    public int Max { get; init; } = 1;
}
