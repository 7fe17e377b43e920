using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Tutti.Model.Agents;
using Tutti.Model.Lifecycle;
using Tutti.Node.Agent;
using Tutti.Node.Runtimes;

namespace Tutti.Node.Instances;

/// <summary>Where one instance stands: what is reported of it and what the journal remembers. Written by its supervisor only.</summary>
internal sealed partial class InstanceStanding(InstanceParts parts, Action changed, InstanceReport first)
{
    private volatile InstanceReport _report = first;

    /// <summary>What the server is told.</summary>
    public InstanceReport Report => _report;

    /// <summary>The first report of an attempt.</summary>
    public static InstanceReport Fresh(Assignment assignment) => new()
    {
        Instance = assignment.Instance,
        Architecture = assignment.Architecture,
        Attempt = assignment.Attempt,
        Phase = InstancePhase.Provision,
    };

    /// <summary>Goes to another phase, as the table allows, and says so.</summary>
    public void MoveTo(InstancePhase phase, Func<InstanceReport, InstanceReport>? with = null)
    {
        var before = _report;
        if (before.Phase != phase && !InstanceLifecycle.Allows(before.Phase, phase))
        {
            throw new InvalidOperationException($"{before.Architecture}/{before.Instance} cannot go from {before.Phase} to {phase}");
        }

        var next = before with { Phase = phase };
        _report = with is null ? next : with(next);
        changed();
    }

    /// <summary>Begins a new attempt.</summary>
    public void Begin(Assignment assignment) => MoveTo(InstancePhase.Provision, _ => Fresh(assignment));

    /// <summary>Notes why it is not well yet, with the last lines of its log where it has one; not worth a report of its own.</summary>
    public void Note(string? reason, ImmutableArray<string> logTail = default) =>
        _report = _report with { Reason = reason, LogTail = logTail.IsDefault ? [] : logTail };

    /// <summary>Writes the journal before a process is started, and right after: without both it could be doubled or lost.</summary>
    /// <exception cref="IOException">The disk is full, say: nothing may be started.</exception>
    public void Record(Assignment assignment, PreparedLaunch prepared, InstanceIdentity? identity) =>
        parts.Journal.Write(Entry(assignment, prepared, identity), flush: true);

    /// <summary>Writes how far it has come; its process is found without that, so a failure to write is not its end.</summary>
    public void Remember(Assignment assignment, PreparedLaunch? prepared, InstanceIdentity? identity)
    {
        try
        {
            parts.Journal.Write(Entry(assignment, prepared, identity), flush: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.CannotRemember(parts.Logger, $"{assignment.Architecture}/{assignment.Instance}", e.Message);
        }
    }

    private JournalEntry Entry(Assignment assignment, PreparedLaunch? prepared, InstanceIdentity? identity)
    {
        var report = _report;
        return new JournalEntry
        {
            Assignment = assignment,
            Phase = report.Phase,
            Stopped = report.Stopped,
            Launch = prepared?.Mark ?? "",
            Identity = identity,
            StartedAt = report.StartedAt,
            Ports = prepared?.Ports ?? ImmutableSortedDictionary<string, int>.Empty,
            UpstreamPorts = prepared?.UpstreamPorts ?? ImmutableSortedDictionary<string, int>.Empty,
            Reason = report.Reason,
            LeaseLost = report.LeaseLost,
            ExitCode = report.ExitCode,
            LogTail = report.LogTail,
        };
    }

    private static partial class Log
    {
        [LoggerMessage(1102, LogLevel.Warning, "The journal of {Key} cannot be written: {Problem}")]
        public static partial void CannotRemember(ILogger logger, string key, string problem);
    }
}
