using Tutti.Model.Agents;
using Tutti.Model.Lifecycle;
using Tutti.Node.Agent;
using Tutti.Node.Runtimes;

namespace Tutti.Node.Instances;

/// <summary>Judges what an earlier agent left behind.</summary>
internal static class Adoption
{
    /// <summary>Where an instance stands when the agent comes back, from its journal entry and from what was found running.</summary>
    public static InstanceReport ReportOf(JournalEntry entry, IRunningInstance? running, InstanceParts parts)
    {
        var assignment = entry.Assignment;
        var report = InstanceStanding.Fresh(assignment) with
        {
            Phase = entry.Phase,
            Stopped = entry.Stopped,
            StartedAt = entry.StartedAt,
            Reason = entry.Reason,
            LeaseLost = entry.LeaseLost,
            ExitCode = entry.ExitCode,
            LogTail = entry.LogTail,
            Ports = entry.Ports,
        };
        if (running is not null)
        {
            return report with
            {
                // It was started, though the agent did not live to write that down.
                Phase = entry.Phase == InstancePhase.Provision ? InstancePhase.Ready : entry.Phase,
                Stopped = false,
                Pid = running.Identity.Pid,
                StartedAt = entry.StartedAt ?? parts.Time.GetUtcNow(),
            };
        }

        if (entry.Stopped)
        {
            return report;
        }

        var key = InstanceSupervisor.KeyOf(assignment.Architecture, assignment.Instance);
        return report.Phase == InstancePhase.Destroy
            ? report with { Stopped = true }
            : report with
            {
                Phase = InstancePhase.Failed,
                Stopped = true,
                Reason = report.Reason ?? "not running when the agent came back",
                LogTail = parts.Logs.Tail(key, 20),
            };
    }
}
