using Tutti.Model.Manifest.Shapes;

namespace Tutti.Model.Manifest.Reading;

/// <summary>Reads <c>resources</c>, <c>instances</c> and <c>placement</c>.</summary>
internal static class ResourceReader
{
    private static readonly ResourceSpec _default = new();

    public static ResourceSpec Read(SectionView resources) => new()
    {
        Cpu = resources.Cpu("cpu") ?? _default.Cpu,
        Memory = resources.Size("memory") ?? _default.Memory,
        Limits = ReadLimits(resources.Section("limits")),
    };

    public static InstancesSpec ReadInstances(SectionView service)
    {
        if (service.OptionalNumber("instances") is { } number)
        {
            return new InstancesSpec { Min = number, Max = number };
        }

        var instances = service.Section("instances");
        var (min, max) = (instances.OptionalNumber("min"), instances.OptionalNumber("max"));
        return new InstancesSpec { Min = min ?? Math.Min(1, max ?? 1), Max = max ?? Math.Max(1, min ?? 1) };
    }

    public static PlacementSpec ReadPlacement(SectionView placement) => new()
    {
        Constraints =
        [
            .. placement.Texts("constraints").Select(c => ConstraintSyntax.TryParse(c, out var constraint) ? constraint : null).OfType<ConstraintSpec>(),
        ],
        Spread = placement.Text("spread"),
    };

    // Limits without any limit are none, so that a section left empty equals one left out.
    private static LimitSpec? ReadLimits(SectionView limits)
    {
        var read = new LimitSpec { Cpu = limits.Cpu("cpu"), Memory = limits.Size("memory") };
        return read is { Cpu: null, Memory: null } ? null : read;
    }
}
