using System.Collections.Immutable;
using Tutti.Model.Versions;

namespace Tutti.Model.Manifest.Reading;

/// <summary>Reads <c>dependsOn</c> and <c>ports</c>: how services meet.</summary>
internal static class DependencyReader
{
    public static ImmutableSortedDictionary<string, DependencySpec> Read(SectionView owner) => owner.Named("dependsOn", dependency => new DependencySpec
    {
        Accepts = VersionRange.TryParse(dependency.Text("accepts"), out var range) ? range : VersionRange.Any,
        Optional = dependency.Flag("optional", byDefault: false),
        Port = dependency.Text("port"),
    });

    public static ImmutableSortedDictionary<string, PortSpec> ReadPorts(SectionView service) => service.Named("ports", port => new PortSpec
    {
        Protocol = port.Choice("protocol", PortProtocol.Http),
        Number = port.OptionalNumber("number"),
    });
}
