namespace Tutti.Model.Manifest.Shapes;

/// <summary>Every key of a service.</summary>
internal static class ServiceShapes
{
    private static readonly Shape _label = new TextShape(TextForms.Label);
    private static readonly Shape _text = new TextShape(TextForms.Filled);
    private static readonly Shape _duration = new TextShape(TextForms.Duration);
    private static readonly Shape _positive = new TextShape(TextForms.PositiveDuration);
    private static readonly Shape _count = new NumberShape(0, ManifestShapes.MostInstances);
    private static readonly Shape _command = new ListShape(new TextShape(TextForms.Any), AtLeast: 1);

    public static readonly SectionShape Run = new("run",
        new Key("command", _command, "executable and arguments; exactly one of command and image"),
        new Key("image", _text, "container image"),
        new Key("artifact", _text, "folder or archive that the command needs, relative to the manifest"),
        new Key("digest", new TextShape(TextForms.Digest), "content hash of an artifact that the server has: it is taken as it is, and nothing is built or sent; written by exports"),
        new Key("build", _command, "command that makes the artifact"),
        new Key("user", _text, "user the process runs as", "the agent's own"));

    private static readonly SectionShape _external = new("external",
        new Key("url", new TextShape(TextForms.ServiceUrl), "where it is", Required: true));

    private static readonly SectionShape _port = new("port",
        new Key("protocol", new ChoiceShape("http", "tcp"), "what it speaks", "http"),
        new Key("number", new NumberShape(1, 65535), "fixes it; assigned by the agent where it is missing"));

    public static readonly MapShape Env = new(TextForms.EnvName, new TextShape(TextForms.Any));

    private static readonly SectionShape _limits = new("limits",
        new Key("cpu", new TextShape(TextForms.Cpu), "most processor time; no limit where it is missing"),
        new Key("memory", new TextShape(TextForms.Size), "most memory; no limit where it is missing"));

    public static readonly SectionShape Resources = new("resources",
        new Key("cpu", new TextShape(TextForms.Cpu), "reserved processor time", "50m"),
        new Key("memory", new TextShape(TextForms.Size), "reserved memory", "64Mi"),
        new Key("limits", _limits, "what an instance may not exceed"));

    private static readonly SectionShape _instances = new("instances",
        new Key("min", _count, "at least this many", "1, or max where that is less"),
        new Key("max", _count, "at most this many", "1, or min where that is more"));

    private static readonly SectionShape _health = new("health",
        new Key("http", new TextShape(TextForms.HttpPath), "path that answers 200 to 399; exactly one of http, tcp and exec"),
        new Key("tcp", _label, "port that accepts a connection"),
        new Key("exec", _command, "command that exits with 0"),
        new Key("port", _label, "port that an http probe asks", "http, or the only one"),
        new Key("interval", _positive, "time between two probes", "1s"),
        new Key("timeout", _positive, "how long one probe may take", "500ms"),
        new Key("failures", new NumberShape(1, 1000), "failures in a row that make a running instance Failed", "3"));

    private static readonly SectionShape _dependency = new("dependency",
        new Key("accepts", new TextShape(TextForms.Range), "versions it can talk to, in npm's range syntax", "*"),
        new Key("optional", new FlagShape(), "whether it still runs without", "false"),
        new Key("port", _label, "the provider's port", "http, or its only one"));

    public static readonly MapShape DependsOn = new(TextForms.Label, _dependency);

    public static readonly SectionShape Placement = new("placement",
        new Key("constraints", new ListShape(new TextShape(TextForms.Constraint)), "conditions over node labels, all of which must hold"),
        new Key("spread", new TextShape(TextForms.NodeLabel), "node label over whose values instances are spread evenly"));

    private static readonly SectionShape _canary = new("canary",
        new Key("steps", new ListShape(new TextShape(TextForms.Percent), AtLeast: 1), "shares of the instances, rising", Required: true),
        new Key("hold", _duration, "how long each step is watched", "30s"));

    private static readonly SectionShape _strategy = new("strategy",
        new Key("canary", _canary, "canary with its steps", Required: true));

    private static readonly SectionShape _update = new("update",
        new Key("strategy", new EitherShape(new ChoiceShape("rolling", "canary", "blue-green"), _strategy), "instance by instance, a small share first, or all new ones beside the old", "rolling"),
        new Key("canary", _canary, "short for strategy: canary with these steps and hold"),
        new Key("steps", new ListShape(new TextShape(TextForms.Percent), AtLeast: 1), "canary: shares of the instances, rising; 100% is implied at the end"),
        new Key("hold", _duration, "canary: how long each step is watched", "30s"),
        new Key("maxSurge", _count, "instances above the desired number while it moves", "1"),
        new Key("maxUnavailable", _count, "instances below the desired number while it moves", "0"),
        new Key("minHealthyTime", _duration, "how long an instance is in Run before it counts", "1s"),
        new Key("deadline", _positive, "longest time without progress; then the update has failed", "60s"),
        new Key("autoRollback", new FlagShape(), "whether a failed update goes back by itself", "true"));

    private static readonly SectionShape _scale = new("scale",
        new Key("on", new ChoiceShape("cpu", "memory", "requests", "latency", "concurrency"), "the measure", Required: true),
        new Key("target", new TextShape(TextForms.Target), "70% of the reserved cpu or memory, 100 requests a second or under way per instance, or 200ms latency", Required: true));

    private static readonly SectionShape _stop = new("stop",
        new Key("signal", new ChoiceShape("SIGTERM", "SIGINT", "SIGQUIT", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGKILL"), "the signal", "SIGTERM"),
        new Key("grace", _duration, "time between the signal and the kill", "10s"),
        new Key("drain", _duration, "time between leaving discovery and the signal", "0s"));

    private static readonly SectionShape _volume = new("volume",
        new Key("size", new TextShape(TextForms.Size), "asked-for size; recorded, not enforced by the process runtime", "0"));

    private static readonly SectionShape _recover = new("recover",
        new Key("restarts", _count, "pets: restarts within the window before the service is Failed", "5"),
        new Key("within", _positive, "the window", "10m"),
        new Key("backoff", new TextShape(TextForms.Backoff), "shortest and longest wait before a repeated restart or replacement", "1s..1m"),
        new Key("webhook", new TextShape(TextForms.Webhook), "URL that gets a POST of every alert of this service"));

    public static readonly SectionShape Service = new("service",
        new Key("version", new TextShape(TextForms.Version), "SemVer 2; required unless the service is external"),
        new Key("criticality", new ChoiceShape("critical-plus", "critical", "sheddable-plus", "sheddable"), "how much the architecture needs it", "critical"),
        new Key("owner", _text, "who answers for it; shown on the map"),
        new Key("kind", new ChoiceShape("cattle", "pet"), "replaceable, or saved in place with its identity and volumes", "cattle"),
        new Key("run", Run, "how Tutti runs it; exactly one of run and external"),
        new Key("external", _external, "where it is, when Tutti does not run it"),
        new Key("ports", new MapShape(TextForms.Label, _port), "ports by name"),
        new Key("env", Env, "environment variables"),
        new Key("resources", Resources, "what placement reserves, and what the runtime enforces"),
        new Key("instances", new EitherShape(_count, _instances), "how many; one number means min = max", "1"),
        new Key("reversible", new FlagShape(), "false: no rollback past this release without --force", "true"),
        new Key("health", _health, "how an instance proves that it works", "each declared port accepts a connection"),
        new Key("dependsOn", DependsOn, "what it calls, by service"),
        new Key("publishes", new ListShape(_label), "topics it writes"),
        new Key("subscribes", new ListShape(_label), "topics it reads"),
        new Key("placement", Placement, "where its instances may run"),
        new Key("update", _update, "how it moves from one release or environment to another"),
        new Key("scale", _scale, "what drives the number of instances between min and max", "always min"),
        new Key("stop", _stop, "how an instance is stopped"),
        new Key("volumes", new MapShape(TextForms.Label, _volume), "folders that outlive an instance, by name; pets only"),
        new Key("recover", _recover, "how hard to try before asking a person"));

    /// <summary>A service's keys, each on its own: what is missing may stand in the service.</summary>
    public static readonly SectionShape Defaults = new("defaults", Service.Keys);
}
