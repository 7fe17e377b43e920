using System.Collections.Immutable;
using Tutti.Model.Agents;
using Tutti.Model.Lifecycle;
using Tutti.Node.Agent;
using Tutti.Node.Artifacts;
using Tutti.Node.Protocol;
using Tutti.Node.Runtimes;

namespace Tutti.Node.Instances;

/// <summary>One attempt at one instance: what it holds on this node and its process, from launch to the last trace.
/// Used by its supervisor only, one call at a time, but for <see cref="Measure"/>.</summary>
internal sealed class InstanceAttempt(InstanceParts parts, string key, InstanceStanding standing, Assignment first) : IDisposable
{
    /// <summary>A pet without a lease gets no more than this between signal and kill, whatever its manifest says: the server counts on it.</summary>
    public static readonly TimeSpan GraceWithoutLease = TimeSpan.FromSeconds(5);

    private const int TailLines = 20;
    private const string LeaseLost = "the server has acknowledged no report for longer than its lease, so it may run elsewhere";

    private readonly LaunchPreparation _preparation = new(parts, key);
    private readonly HealthWatch _health = new(parts.Prober, parts.Beats, parts.Time);
    private readonly Lock _measuring = new();
    private PreparedLaunch? _prepared;
    private IRunningInstance? _running;
    private Assignment _attempted = first;

    /// <summary>Whether it has a process.</summary>
    public bool Started => _running is not null;

    /// <summary>Processor time and memory since the last call; null: nothing runs or it cannot be measured.</summary>
    public NodeCapacity? Measure()
    {
        lock (_measuring)
        {
            return _running?.MeasureUse();
        }
    }

    /// <summary>Lets go of the process, which runs on.</summary>
    public void Dispose() => SetRunning(null)?.Dispose();

    /// <summary>Begins another attempt, once the one before has stopped.</summary>
    public void Begin(Assignment assignment)
    {
        _attempted = assignment;
        standing.Begin(assignment);
    }

    /// <summary>Takes back what an earlier agent started; null where nothing of it runs.</summary>
    public void Restore(JournalEntry entry, IRunningInstance? adopted)
    {
        if (adopted is not { } running)
        {
            standing.Remember(entry.Assignment, null, null);
            return;
        }

        SetRunning(running);
        parts.Logs.Watch(key);
        try
        {
            _prepared = _preparation.Restore(entry);
            standing.Remember(entry.Assignment, _prepared, running.Identity);
        }
        catch (LaunchException e)
        {
            if (standing.Report.Phase is not (InstancePhase.Destroy or InstancePhase.Failed))
            {
                Fail($"cannot be taken over: {e.Message}");
            }
        }
    }

    /// <summary>Launches it; where it cannot be, it has failed. An artifact that cannot be fetched now is waited for.</summary>
    public async Task StartAsync(Assignment assignment, CancellationToken turn)
    {
        _attempted = assignment;
        if (assignment.Kind == ServiceKind.Pet && !parts.LeaseHeld())
        {
            Fail("not started: " + LeaseLost, leaseLost: true);
            return;
        }

        var backoff = new Backoff(Random.Shared, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5));
        while (true)
        {
            try
            {
                await LaunchAsync(assignment, turn);
                return;
            }
            catch (Exception e) when (e is ServerUnreachableException or HttpRequestException or HttpIOException)
            {
                standing.Note($"waits for its artifact: {e.Message}");
                await Task.Delay(backoff.Next(), parts.Time, turn);
            }
            catch (Exception e) when (e is LaunchException or ArtifactException or ServerRefusedException or IOException or UnauthorizedAccessException)
            {
                Fail(e.Message);
                return;
            }
        }
    }

    /// <summary>Probes it until it fails or ends.</summary>
    public async Task WatchAsync(CancellationToken turn)
    {
        var (running, prepared) = (_running!, _prepared!);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(turn);
        var health = WatchHealthAsync(prepared, either.Token);
        var first = await Task.WhenAny(running.Exited, health);
        await either.CancelAsync();
        if (first == health && !running.Exited.IsCompleted)
        {
            Fail(await health);
            return;
        }

        try
        {
            await health;
        }
        catch (OperationCanceledException)
        {
            // It has ended, so its probes were called off.
        }

        turn.ThrowIfCancellationRequested();
        var status = await running.Exited;
        var ran = parts.Time.GetUtcNow() - (standing.Report.StartedAt ?? parts.Time.GetUtcNow());
        Fail(ExitReasons.Describe(status, ran, running.KilledForMemory ? _attempted.Resources.Limits?.Memory : null), status);
    }

    private async Task<string> WatchHealthAsync(PreparedLaunch prepared, CancellationToken cancellation)
    {
        var adopted = standing.Report.Phase == InstancePhase.Run;
        if (!adopted)
        {
            await _health.UntilPassedAsync(prepared.Target, why => standing.Note(why, Tail()), cancellation);
            cancellation.ThrowIfCancellationRequested();
            standing.MoveTo(InstancePhase.Run, r => r with { Reason = null, LogTail = [] });
            standing.Remember(_attempted, prepared, _running!.Identity);
        }

        return await _health.UntilFailedAsync(prepared.Target, atOnce: adopted, cancellation);
    }

    /// <summary>Stops it wholly. Interrupted by the turn, it is to be called again.</summary>
    public async Task StopAsync(bool leaseLost, CancellationToken turn)
    {
        var drain = standing.Report.Phase == InstancePhase.Run && !leaseLost ? _attempted.Stop.Drain : TimeSpan.Zero;
        if (standing.Report.Phase is not (InstancePhase.Destroy or InstancePhase.Failed))
        {
            var (phase, reason) = leaseLost
                ? (InstancePhase.Failed, "stopped: " + LeaseLost)
                : (InstancePhase.Destroy, null);
            standing.MoveTo(phase, r => r with { Reason = reason, LeaseLost = leaseLost });
            standing.Remember(_attempted, _prepared, _running?.Identity);
        }

        if (_running is { } running)
        {
            if (drain > TimeSpan.Zero)
            {
                await Task.WhenAny(running.Exited, Task.Delay(drain, parts.Time, turn));
                turn.ThrowIfCancellationRequested();
            }

            // Another wish meanwhile (a lost lease shortens the grace) makes the loop come back here.
            await StopProcessAsync(running, leaseLost).WaitAsync(turn);
        }

        Finish();
    }

    private Task StopProcessAsync(IRunningInstance running, bool leaseLost)
    {
        if (running.Exited.IsCompleted)
        {
            // The leader has gone: what it left behind gets no grace.
            return running.StopAsync("SIGKILL", TimeSpan.Zero);
        }

        var grace = _attempted.Stop.Grace;
        return running.StopAsync(_attempted.Stop.Signal, leaseLost && grace > GraceWithoutLease ? GraceWithoutLease : grace);
    }

    /// <summary>It has failed; what is left of it still has to be stopped.</summary>
    public void Fail(string reason, ExitStatus? exit = null, bool leaseLost = false)
    {
        standing.MoveTo(InstancePhase.Failed, r => r with
        {
            Reason = reason,
            LeaseLost = leaseLost,
            ExitCode = exit is null ? null : ExitReasons.CodeOf(exit),
            LogTail = _running is null ? [] : Tail(),
        });
        if (_running is null)
        {
            Finish();
        }
    }

    private ImmutableArray<string> Tail()
    {
        try
        {
            return parts.Logs.Tail(key, TailLines);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [$"its log cannot be read: {e.Message}"];
        }
    }

    private void Finish()
    {
        var (prepared, running) = (_prepared, _running);
        SetRunning(null);
        _prepared = null;
        if (prepared is not null)
        {
            _preparation.Release(prepared.Ports);
        }

        var exit = running is { Exited: { IsCompletedSuccessfully: true } exited } ? ExitReasons.CodeOf(exited.Result) : null;
        standing.MoveTo(standing.Report.Phase, r => r with { Stopped = true, ExitCode = r.ExitCode ?? exit });
        standing.Remember(_attempted, prepared, null);
        running?.Dispose();
    }

    private async Task LaunchAsync(Assignment assignment, CancellationToken turn)
    {
        var mark = parts.Journal.NewLaunch();
        var prepared = await _preparation.PrepareAsync(assignment, mark, turn);
        if (turn.IsCancellationRequested)
        {
            _preparation.Release(prepared.Ports);
            throw new OperationCanceledException(turn);
        }

        _prepared = prepared;
        standing.Note(null);
        standing.Record(assignment, prepared, null);
        var running = await parts.Runtime.StartAsync(prepared.Launch, CancellationToken.None);
        SetRunning(running);
        parts.Logs.Watch(key);
        standing.MoveTo(InstancePhase.Ready, r => r with
        {
            Pid = running.Identity.Pid,
            StartedAt = parts.Time.GetUtcNow(),
            Ports = prepared.Ports,
        });
        standing.Record(assignment, prepared, running.Identity);
    }

    private IRunningInstance? SetRunning(IRunningInstance? running)
    {
        lock (_measuring)
        {
            var before = _running;
            _running = running;
            return before;
        }
    }
}
