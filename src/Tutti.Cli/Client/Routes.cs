namespace Tutti.Cli.Client;

/// <summary>Paths of docs/api.md, names escaped.</summary>
internal static class Routes
{
    public const string Apply = "/api/apply";
    public const string Plan = "/api/plan";
    public const string Architectures = "/api/architectures";
    public const string Nodes = "/api/nodes";

    public static string Architecture(string name) => $"{Architectures}/{Escape(name)}";

    public static string Sets(string architecture, int? limit = null) => $"{Architecture(architecture)}/sets{Query(("limit", limit?.ToString()))}";

    public static string Set(string architecture, int number) => $"{Sets(architecture)}/{number}";

    public static string Difference(string architecture, int from, int? to) => $"{Set(architecture, from)}/diff{Query(("to", to?.ToString()))}";

    public static string Blame(string architecture, string service) => $"{Service(architecture, service)}/blame";

    public static string Releases(string architecture, string? service = null) => $"{Architecture(architecture)}/releases{Query(("service", service))}";

    public static string Rollback(string architecture) => $"{Architecture(architecture)}/rollback";

    public static string RollbackPlan(string architecture) => $"{Rollback(architecture)}/plan";

    public static string Transition(string architecture, int set) => $"{Architecture(architecture)}/transitions/{set}";

    public static string Services(string architecture) => $"{Architecture(architecture)}/services";

    public static string Service(string architecture, string service, string? verb = null) =>
        $"{Services(architecture)}/{Escape(service)}{(verb is null ? "" : "/" + verb)}";

    public static string Drain(string node) => $"{Nodes}/{Escape(node)}/drain";

    public static string Blob(string digest) => $"/api/blobs/{digest}";

    public static string Logs(string architecture, string instance, int tail, bool follow) =>
        $"/api/instances/{Escape(architecture)}/{Escape(instance)}/logs?tail={tail}{(follow ? "&follow=true" : "")}";

    public static string Instances(string? architecture, string? service = null, string? node = null) =>
        "/api/instances" + Query(("architecture", architecture), ("service", service), ("node", node));

    public static string Operations(string? architecture, string? service = null) =>
        "/api/operations" + Query(("architecture", architecture), ("service", service));

    public static string Events(string? architecture, string? service, long? after, int? limit) =>
        "/api/events" + Query(("architecture", architecture), ("service", service), ("after", after?.ToString()), ("limit", limit?.ToString()));

    private static string Query(params (string Name, string? Value)[] parts)
    {
        var given = parts.Where(part => part.Value is not null).Select(part => $"{part.Name}={Escape(part.Value!)}").ToArray();
        return given.Length == 0 ? "" : "?" + string.Join('&', given);
    }

    private static string Escape(string text) => Uri.EscapeDataString(text);
}
