namespace Tutti.Model.Manifest.Shapes;

/// <summary>Every key of the manifest's top level and of its smaller sections. Services: <see cref="ServiceShapes"/>.</summary>
internal static class ManifestShapes
{
    /// <summary>Most instances of one service, and the bound of every count of them.</summary>
    public const int MostInstances = 1_000_000;

    private static readonly Shape _label = new TextShape(TextForms.Label);

    private static readonly SectionShape _route = new("route",
        new Key("host", new TextShape(TextForms.Host), "host name, exact or *.example.org; every host where it is missing"),
        new Key("path", new TextShape(TextForms.HttpPath), "path prefix", "/"),
        new Key("to", _label, "the service that answers", Required: true),
        new Key("port", _label, "its port", "http, or its only one"));

    private static readonly SectionShape _topic = new("topic");

    private static readonly SectionShape _schedule = new("schedule",
        new Key("cron", new TextShape(TextForms.Cron), "five cron fields: minute, hour, day of month, month, day of week", Required: true),
        new Key("timezone", new TextShape(TextForms.Timezone), "IANA time zone of the cron expression", "UTC"),
        new Key("overlap", new ChoiceShape("forbid", "allow", "replace"), "what happens when the run before still goes on: the new one is skipped, both run, or the old one is stopped", "forbid"),
        new Key("catchUp", new NumberShape(0, 100), "missed slots that are made up for", "0"));

    private static readonly SectionShape _job = new("job",
        new Key("run", ServiceShapes.Run, "how it runs", Required: true),
        new Key("schedule", _schedule, "when it runs; only on request where it is missing"),
        new Key("env", ServiceShapes.Env, "environment variables"),
        new Key("resources", ServiceShapes.Resources, "what placement reserves"),
        new Key("placement", ServiceShapes.Placement, "where it may run"),
        new Key("dependsOn", ServiceShapes.DependsOn, "what it calls, by service"),
        new Key("retries", new NumberShape(0, 100), "further attempts after a failed one", "0"),
        new Key("timeout", new TextShape(TextForms.PositiveDuration), "longest run; none where it is missing"),
        new Key("after", new ListShape(_label), "jobs of the same schedule slot that must have succeeded"));

    public static readonly SectionShape Manifest = new("manifest",
        new Key("apiVersion", new TextShape(TextForms.ApiVersion), "the form of this document", Required: true),
        new Key("architecture", _label, "name of the architecture", Required: true),
        new Key("strict", new FlagShape(), "whether a service that depends on a less critical one is an error, not a warning", "false"),
        new Key("defaults", ServiceShapes.Defaults, "merged under every service, map by map; what a service writes wins"),
        new Key("services", new MapShape(TextForms.Label, ServiceShapes.Service), "services by name", Required: true),
        new Key("routes", new ListShape(_route), "what the gateway forwards, first match first"),
        new Key("topics", new MapShape(TextForms.Label, _topic), "topics by name"),
        new Key("jobs", new MapShape(TextForms.Label, _job), "batch work by name"),
        new Key("workflows", new ListShape(new TextShape(TextForms.Filled)), "Open Workflow Specification documents, relative to the manifest"));
}
