using System.Collections.Immutable;

namespace Tutti.Model.Manifest;

/// <summary>How an instance runs: exactly one of command and image.</summary>
public sealed record RunSpec
{
    /// <summary>Executable and arguments, <c>${...}</c> not yet expanded; empty when an image runs.</summary>
    public ImmutableArray<string> Command { get; init; } = [];

    /// <summary>Container image; null when a command runs.</summary>
    public string? Image { get; init; }

    /// <summary>Folder or archive, relative to the manifest; null when the command needs none.</summary>
    public string? Artifact { get; init; }

    /// <summary>Content hash of the artifact as the server keeps it, <c>sha256:</c> and 64 hex digits; filled in when it is sent.</summary>
    public string? Digest { get; init; }

    /// <summary>Command that makes the artifact; empty when there is none.</summary>
    public ImmutableArray<string> Build { get; init; } = [];

    /// <summary>User the process runs as; null for the agent's own.</summary>
    public string? User { get; init; }
}

/// <summary>A service that Tutti does not run.</summary>
public sealed record ExternalSpec
{
    /// <summary>Absolute http, https or tcp URL.</summary>
    public required string Url { get; init; }
}

/// <summary>What a port speaks.</summary>
public sealed record PortSpec
{
    /// <summary><c>http</c> or <c>tcp</c>.</summary>
    public PortProtocol Protocol { get; init; } = PortProtocol.Http;

    /// <summary>1 to 65535 to fix it; null: assigned by the agent.</summary>
    public int? Number { get; init; }
}

/// <summary>The protocols a port may speak.</summary>
[System.Text.Json.Serialization.JsonConverter(typeof(System.Text.Json.Serialization.JsonStringEnumConverter<PortProtocol>))]
public enum PortProtocol
{
    /// <summary>HTTP.</summary>
    [System.Text.Json.Serialization.JsonStringEnumMemberName("http")]
    Http,

    /// <summary>Any byte stream.</summary>
    [System.Text.Json.Serialization.JsonStringEnumMemberName("tcp")]
    Tcp,
}

/// <summary>A folder that outlives the instance that writes it.</summary>
public sealed record VolumeSpec
{
    /// <summary>Asked-for size; recorded, not enforced by the process runtime.</summary>
    public Quantities.ByteSize Size { get; init; }
}
