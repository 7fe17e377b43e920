using Microsoft.Extensions.Logging;
using Tutti.Model.Agents;
using Tutti.Model.Lifecycle;
using Tutti.Node.Agent;
using Tutti.Node.Runtimes;

namespace Tutti.Node.Instances;

/// <summary>Takes one instance from Provision through Ready and Run to its end. It never starts the same attempt twice:
/// whether there is another one is the server's decision.</summary>
internal sealed partial class InstanceSupervisor : IAsyncDisposable
{
    private static readonly TimeSpan _repeatAfter = TimeSpan.FromSeconds(1);

    private readonly InstanceParts _parts;
    private readonly InstanceStanding _standing;
    private readonly InstanceAttempt _attempt;
    private readonly DesireCell _desires;
    private Task _loop = Task.CompletedTask;

    private InstanceSupervisor(InstanceParts parts, Assignment assignment, InstanceReport report, Action changed)
    {
        _parts = parts;
        Key = KeyOf(assignment.Architecture, assignment.Instance);
        Ended = Task.CompletedTask;
        _standing = new InstanceStanding(parts, changed, report);
        _attempt = new InstanceAttempt(parts, Key, _standing, assignment);
        _desires = new DesireCell(new Desire { Assignment = assignment });
    }

    /// <summary><c>architecture/id</c>.</summary>
    public string Key { get; }

    /// <summary>The newest assignment.</summary>
    public Assignment Assignment => _desires.Current.Assignment;

    /// <summary>Whether it is to vanish.</summary>
    public bool Forgotten => _desires.Current.Forgotten;

    /// <summary>Where it stands.</summary>
    public InstanceReport Report => _standing.Report;

    /// <summary>Completes when it was forgotten and nothing of it is left, or when the agent has let go of it.</summary>
    public Task Ended { get; private set; }

    /// <summary>The key of an instance.</summary>
    public static string KeyOf(string architecture, string instance) => $"{architecture}/{instance}";

    /// <summary>Takes on one that this node did not have.</summary>
    public static InstanceSupervisor Create(InstanceParts parts, Assignment assignment, Action changed)
    {
        var supervisor = new InstanceSupervisor(parts, assignment, InstanceStanding.Fresh(assignment), changed);
        supervisor.Begin();
        return supervisor;
    }

    /// <summary>Takes on one that an earlier agent had.</summary>
    /// <param name="parts">What instances share.</param>
    /// <param name="entry">What the journal says of it.</param>
    /// <param name="running">Its process; null where it no longer runs.</param>
    /// <param name="changed">Called on every change worth a report.</param>
    public static InstanceSupervisor Adopt(InstanceParts parts, JournalEntry entry, IRunningInstance? running, Action changed)
    {
        var supervisor = new InstanceSupervisor(parts, entry.Assignment, Adoption.ReportOf(entry, running, parts), changed);
        supervisor._attempt.Restore(entry, running);
        supervisor.Begin();
        return supervisor;
    }

    /// <summary>Takes a newer assignment.</summary>
    public void Want(Assignment assignment) => _desires.Want(assignment);

    /// <summary>Stops it and leaves no trace but its volumes.</summary>
    public void Forget() => _desires.Forget();

    /// <summary>Stops a pet that the server may place elsewhere.</summary>
    public void LoseLease() => _desires.LoseLease();

    /// <summary>Processor time and memory since the last call; null: nothing runs or it cannot be measured.</summary>
    public NodeCapacity? Measure() => _attempt.Measure();

    /// <summary>Lets go of it; what runs is left running.</summary>
    public async ValueTask DisposeAsync()
    {
        _desires.Leave();
        await _loop;
        _attempt.Dispose();
        _desires.Dispose();
    }

    private void Begin()
    {
        _loop = Task.Run(RunAsync);
        Ended = _loop;
    }

    private async Task RunAsync()
    {
        while (true)
        {
            var (desire, turn) = _desires.Read();
            if (desire.Leaving)
            {
                return;
            }

            try
            {
                if (await StepAsync(desire, turn))
                {
                    return;
                }
            }
            catch (OperationCanceledException) when (turn.IsCancellationRequested)
            {
                // Something else is wanted now: look again.
            }
            catch (Exception e)
            {
                Log.Unexpected(_parts.Logger, Key, e);
                await RecoverAsync(e, turn);
            }
        }
    }

    private async Task<bool> StepAsync(Desire desire, CancellationToken turn)
    {
        var report = Report;
        if (!report.Stopped)
        {
            if (MustStop(desire, report))
            {
                await _attempt.StopAsync(desire.LeaseLostUpTo >= report.Attempt, turn);
            }
            else if (!_attempt.Started)
            {
                await _attempt.StartAsync(desire.Assignment, turn);
            }
            else
            {
                await _attempt.WatchAsync(turn);
            }

            return false;
        }

        if (desire.Forgotten)
        {
            Vanish();
            return true;
        }

        if (desire.Assignment.Attempt > report.Attempt)
        {
            _attempt.Begin(desire.Assignment);
            return false;
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, _parts.Time, turn);
        return false;
    }

    private static bool MustStop(Desire desire, InstanceReport report) =>
        desire.Forgotten
        || desire.Assignment.Goal == AssignmentGoal.Stop
        || desire.Assignment.Attempt > report.Attempt
        || desire.LeaseLostUpTo >= report.Attempt
        || report.Phase is InstancePhase.Destroy or InstancePhase.Failed;

    private void Vanish()
    {
        _parts.Journal.Forget(Report.Architecture, Report.Instance);
        InstanceWorkspace.Delete(_parts.DataFolder, Report.Architecture, Report.Instance);
        _parts.Logs.Forget(Key, delete: true);
    }

    private async Task RecoverAsync(Exception problem, CancellationToken turn)
    {
        if (Report is { Stopped: false, Phase: not (InstancePhase.Destroy or InstancePhase.Failed) })
        {
            _attempt.Fail($"the agent could not go on with it: {problem.Message}");
            return;
        }

        // It is ending or has ended, and that did not work: again, but not in a hurry.
        await Task.Delay(_repeatAfter, _parts.Time, turn).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static partial class Log
    {
        [LoggerMessage(1103, LogLevel.Error, "The agent could not go on with {Key}")]
        public static partial void Unexpected(ILogger logger, string key, Exception problem);
    }
}
