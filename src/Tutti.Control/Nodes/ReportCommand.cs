using Tutti.Control.Commands;
using Tutti.Control.Loop;
using Tutti.Control.State;
using Tutti.Model.Agents;
using Tutti.Model.Lifecycle;

namespace Tutti.Control.Nodes;

/// <summary>Takes in what an agent says runs. Repeated, late and reordered reports are harmless.</summary>
internal sealed class ReportCommand(Workspace work, Pulses pulses)
{
    public CommandResult Report(ReportNode command)
    {
        var report = command.Report;
        if (work.State.Nodes.Find(command.Node) is not { } node || node.Session != report.Session || node.Status == NodeStatus.Lost)
        {
            // A node that was given up registers again, so that it is journaled that it is back.
            return new CommandResult { KnownSession = false, Changed = false };
        }

        pulses.Hear(command.Node, work.Now, report.Used);
        if (!pulses.IsNewer(command.Node, report.Session, report.Sequence))
        {
            return new CommandResult { Changed = false };
        }

        var changes = work.Draft.Count;
        foreach (var said in report.Instances)
        {
            TakeIn(command.Node, said);
        }

        if (report.Complete)
        {
            MissWhatIsNotNamed(command.Node, report);
        }

        return new CommandResult { Changed = work.Draft.Count > changes };
    }

    private void TakeIn(string node, InstanceReport said)
    {
        var key = $"{said.Architecture}/{said.Instance}";
        if (work.State.Instances.Find(key) is not { } instance || instance.Node != node || instance.Attempt != said.Attempt)
        {
            return;
        }

        pulses.Measure(key, said.Used);
        if (instance.Stopped)
        {
            return;
        }

        var next = Follow(instance, said) with
        {
            Pid = said.Pid ?? instance.Pid,
            StartedAt = said.StartedAt ?? instance.StartedAt,
            Stopped = said.Stopped,
            ExitCode = said.ExitCode ?? instance.ExitCode,
            LeaseLost = said.LeaseLost || instance.LeaseLost,
        };
        if (!said.Ports.SequenceEqual(instance.Ports) && !said.Ports.IsEmpty)
        {
            next = next with { Ports = said.Ports };
        }

        // One that has become well has nothing to explain any more; one that failed keeps what it said.
        if (!said.LogTail.SequenceEqual(instance.LogTail) && (!said.LogTail.IsEmpty || next.Phase == InstancePhase.Run))
        {
            next = next with { LogTail = said.LogTail };
        }

        if (next != instance)
        {
            work.Put(next);
        }
    }

    /// <summary>Walks the phase to where the agent says it is, each step through the table. What was decided here wins over what is reported.</summary>
    private Instance Follow(Instance instance, InstanceReport said)
    {
        if (instance is { Phase: InstancePhase.Failed, Ordinal: >= 0, Goal: AssignmentGoal.Run } && said.Phase is InstancePhase.Ready or InstancePhase.Run)
        {
            // A pet given up with its silent node, that nobody stopped or moved: it is still the one.
            instance = work.SetPhase(instance, InstancePhase.Provision, "its node is back and it still runs") with { NotBefore = null };
        }

        if (instance.Phase is InstancePhase.Failed or InstancePhase.Destroy)
        {
            return instance;
        }

        switch (said.Phase)
        {
            case not (InstancePhase.Failed or InstancePhase.Destroy) when said.Stopped:
                return work.SetPhase(instance, InstancePhase.Failed, said.Reason ?? "its agent reports that nothing of it runs");
            case InstancePhase.Provision:
                // What it waits for (an artifact, a port) is worth knowing before the deadline.
                return instance.Phase != InstancePhase.Provision || said.Reason is null || said.Reason == instance.Reason ? instance : instance with { Reason = said.Reason };
            case InstancePhase.Ready or InstancePhase.Run:
                if (instance.Phase == InstancePhase.Provision)
                {
                    instance = work.SetPhase(instance, InstancePhase.Ready, null);
                }

                if (said.Phase == InstancePhase.Run && instance.Phase == InstancePhase.Ready)
                {
                    instance = work.SetPhase(instance, InstancePhase.Run, null);
                }

                // Not well yet: why is worth knowing before the deadline.
                return instance.Reason == said.Reason ? instance : instance with { Reason = said.Reason };
            case InstancePhase.Failed:
                return work.SetPhase(instance, InstancePhase.Failed, said.Reason ?? "its agent reports that it failed");
            default:
                return work.SetPhase(instance, InstancePhase.Failed, said.Reason ?? "stopped by its agent");
        }
    }

    /// <summary>A complete report that leaves out an instance says that the agent has nothing of it.</summary>
    private void MissWhatIsNotNamed(string node, NodeReport report)
    {
        var here = work.State.InstancesOn(node);
        if (here.Count == 0)
        {
            return;
        }

        var named = report.Instances.Select(said => $"{said.Architecture}/{said.Instance}").ToHashSet(StringComparer.Ordinal);
        foreach (var instance in here.Values.Where(instance => !instance.Stopped && !named.Contains(instance.Key)).OrderBy(instance => instance.Key, StringComparer.Ordinal).ToList())
        {
            if (instance.Goal == AssignmentGoal.Stop || instance.Phase == InstancePhase.Failed)
            {
                work.Put(instance with { Stopped = true });
            }
            else if (instance.Phase is InstancePhase.Ready or InstancePhase.Run)
            {
                work.Put(work.SetPhase(instance, InstancePhase.Failed, $"the agent of {node} has nothing of it") with { Stopped = true });
            }
        }
    }
}
