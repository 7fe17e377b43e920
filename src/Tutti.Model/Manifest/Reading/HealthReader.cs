namespace Tutti.Model.Manifest.Reading;

/// <summary>Reads <c>health</c>.</summary>
internal static class HealthReader
{
    private static readonly HealthSpec _default = new();

    public static HealthSpec Read(SectionView health) => new()
    {
        Http = health.Text("http"),
        Tcp = health.Text("tcp"),
        Exec = health.Texts("exec"),
        Port = health.Text("port"),
        Interval = health.Duration("interval", _default.Interval),
        Timeout = health.Duration("timeout", _default.Timeout),
        Failures = health.Number("failures", _default.Failures),
    };
}
