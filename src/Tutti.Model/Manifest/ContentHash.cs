using System.Security.Cryptography;
using System.Text.Json;

namespace Tutti.Model.Manifest;

/// <summary>Hashes of what was asked, over its canonical JSON (fixed property order, sorted names).</summary>
public static class ContentHash
{
    /// <summary>Of a whole architecture: <c>sha256:</c> and 64 hex digits.</summary>
    public static string Of(ArchitectureSpec spec) => "sha256:" + Hex(JsonSerializer.SerializeToUtf8Bytes(spec, TuttiJson.Options));

    /// <summary>Of everything whose change needs a new process, in 16 hex digits: release, environment, resources, health, stop and constraints;
    /// not the number of instances, the update policy, scaling, recovery, owner or criticality.</summary>
    public static string OfTemplate(ServiceSpec service)
    {
        var template = service with
        {
            Criticality = default,
            Owner = null,
            Instances = new InstancesSpec(),
            Reversible = true,
            Publishes = [],
            Subscribes = [],
            Placement = new PlacementSpec { Constraints = service.Placement.Constraints },
            Update = new UpdateSpec(),
            Scale = null,
            Recover = new RecoverSpec(),
            Run = service.Run is null ? null : service.Run with { Build = [] },
        };
        return Hex(JsonSerializer.SerializeToUtf8Bytes(template, TuttiJson.Options))[..16];
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
