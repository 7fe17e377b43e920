using Tutti.Model.Agents;
using Tutti.Model.Discovery;

namespace Tutti.Node.Protocol;

/// <summary>The agent's side of the HTTP API. Every call throws <see cref="ServerUnreachableException"/> where trying again
/// helps and <see cref="ServerRefusedException"/> where it does not.</summary>
internal interface IServerClient
{
    /// <summary>Makes this node known.</summary>
    Task<RegistrationReply> RegisterAsync(NodeRegistration registration, CancellationToken ct);

    /// <summary>Says what runs.</summary>
    Task<ReportReply> ReportAsync(string node, NodeReport report, CancellationToken ct);

    /// <summary>Assignments as they change, from after a revision; null: a snapshot first. Ends when the server ends it.</summary>
    IAsyncEnumerable<AssignmentEvent> WatchAssignmentsAsync(string node, string session, long? after, CancellationToken ct);

    /// <summary>Endpoints of every service of an architecture as they change.</summary>
    IAsyncEnumerable<ServiceEndpoints> WatchEndpointsAsync(string architecture, long? after, CancellationToken ct);

    /// <summary>An artifact's bytes.</summary>
    Task<Stream> DownloadAsync(string digest, CancellationToken ct);

    /// <summary>Sends a log to whoever asked for it; returns when the log ends or the asker has gone.</summary>
    Task SendLogAsync(string node, string stream, IAsyncEnumerable<string> lines, CancellationToken ct);
}
