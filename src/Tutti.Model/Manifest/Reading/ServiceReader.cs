using Tutti.Model.Lifecycle;
using Tutti.Model.Quantities;
using Tutti.Model.Versions;

namespace Tutti.Model.Manifest.Reading;

/// <summary>Reads one service, defaults merged.</summary>
internal static class ServiceReader
{
    public static ServiceSpec Read(SectionView service) => new()
    {
        Version = ReleaseVersion.TryParse(service.Text("version"), out var version) ? version : null,
        Criticality = service.Choice("criticality", Criticality.Critical),
        Owner = service.Text("owner"),
        Kind = service.Choice("kind", ServiceKind.Cattle),
        Run = service.Has("run") ? RunReader.Read(service.Section("run")) : null,
        External = service.Has("external") ? RunReader.ReadExternal(service.Section("external")) : null,
        Ports = DependencyReader.ReadPorts(service),
        Env = service.NamedTexts("env"),
        Resources = ResourceReader.Read(service.Section("resources")),
        Instances = ResourceReader.ReadInstances(service),
        Reversible = service.Flag("reversible", byDefault: true),
        Health = service.Has("health") ? HealthReader.Read(service.Section("health")) : null,
        DependsOn = DependencyReader.Read(service),
        Publishes = service.Texts("publishes"),
        Subscribes = service.Texts("subscribes"),
        Placement = ResourceReader.ReadPlacement(service.Section("placement")),
        Update = UpdateReader.Read(service.Section("update")),
        Scale = service.Has("scale") ? ReadScale(service.Section("scale")) : null,
        Stop = StopReader.Read(service.Section("stop")),
        Volumes = service.Named("volumes", volume => new VolumeSpec { Size = volume.Size("size") ?? ByteSize.Zero }),
        Recover = StopReader.ReadRecover(service.Section("recover")),
    };

    private static ScaleSpec ReadScale(SectionView scale) => new()
    {
        On = scale.Choice("on", ScaleMeasure.Cpu),
        Target = scale.Text("target") ?? "",
    };
}
