namespace Tutti.Model.Manifest.Reading;

/// <summary>Reads the top level.</summary>
internal static class ArchitectureReader
{
    public static ArchitectureSpec Read(SectionView manifest) => new()
    {
        Name = manifest.Text("architecture") ?? "",
        Strict = manifest.Flag("strict", byDefault: false),
        Services = manifest.Named("services", ServiceReader.Read),
        Routes = manifest.Each("routes", ReadRoute),
        Topics = manifest.Named("topics", _ => new TopicSpec()),
        Jobs = manifest.Named("jobs", JobReader.Read),
        Workflows = manifest.Texts("workflows"),
    };

    private static RouteSpec ReadRoute(SectionView route) => new()
    {
        Host = route.Text("host"),
        Path = route.Text("path") ?? "/",
        To = route.Text("to") ?? "",
        Port = route.Text("port"),
    };
}
