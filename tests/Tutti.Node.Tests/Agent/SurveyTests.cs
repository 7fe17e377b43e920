using System.Collections.Immutable;
using System.Diagnostics;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;
using Tutti.Node.Agent;
using Tutti.Node.Runtimes;
using Tutti.Node.Tests.Instances;

namespace Tutti.Node.Tests.Agent;

/// <summary>What a new agent makes of an agent killed at each moment of a launch, with real processes.</summary>
public sealed class SurveyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<Process> _started = [];
    private readonly Journal _journal;

    public SurveyTests() => _journal = Journal.Open(_folder.Path);

    public void Dispose()
    {
        foreach (var process in _started)
        {
            process.Kill(entireProcessTree: true);
            process.Dispose();
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task Killed_before_the_process_was_started_there_is_nothing()
    {
        _journal.Write(Entry(_journal.NewLaunch(), null), flush: false);
        var (_, running) = Assert.Single(await TakeAsync());
        Assert.Null(running);
    }

    [Fact]
    public async Task Killed_before_the_pid_was_written_the_process_is_found_by_its_mark()
    {
        var mark = _journal.NewLaunch();
        var process = Start("sleep 300", mark);
        _journal.Write(Entry(mark, null), flush: false);
        var (_, running) = Assert.Single(await TakeAsync());
        Assert.Equal(process.Id, running!.Identity.Pid);
        Assert.False(process.HasExited);
    }

    [Fact]
    public async Task The_leader_is_found_among_what_it_started()
    {
        var mark = _journal.NewLaunch();
        var process = Start("sleep 300 & wait", mark);
        await Until.HoldsAsync(() => LaunchMarks.Find(_journal.Id)[mark].Count() == 2, "its child runs");
        _journal.Write(Entry(mark, null), flush: false);
        var (_, running) = Assert.Single(await TakeAsync());
        Assert.Equal(process.Id, running!.Identity.Pid);
    }

    [Fact]
    public async Task Killed_later_it_is_adopted_by_its_pid_and_start_time()
    {
        var mark = _journal.NewLaunch();
        var process = Start("sleep 300", mark);
        var identity = LaunchMarks.Find(_journal.Id)[mark].Single().Identity;
        _journal.Write(Entry(mark, identity), flush: false);
        var (_, running) = Assert.Single(await TakeAsync());
        Assert.Equal(process.Id, running!.Identity.Pid);
    }

    [Fact]
    public async Task Another_process_with_the_same_pid_is_not_taken_for_it()
    {
        var process = Start("sleep 300", "of-somebody-else");
        _journal.Write(Entry(_journal.NewLaunch(), new InstanceIdentity(process.Id, 1, LaunchMarks.BootId(), null)), flush: false);
        var (_, running) = Assert.Single(await TakeAsync());
        Assert.Null(running);
        Assert.False(process.HasExited);
    }

    [Fact]
    public async Task What_a_dead_leader_left_behind_and_what_no_entry_stands_for_is_ended()
    {
        var mark = _journal.NewLaunch();
        var orphan = Start("sleep 300", mark);
        var unknown = Start("sleep 300", _journal.NewLaunch());
        _journal.Write(Entry(mark, new InstanceIdentity(int.MaxValue, 1, LaunchMarks.BootId(), null)), flush: false);
        var (_, running) = Assert.Single(await TakeAsync());
        Assert.Null(running);
        Assert.True(orphan.WaitForExit(5000));
        Assert.True(unknown.WaitForExit(5000));
    }

    [Fact]
    public async Task Without_a_server_everything_can_be_stopped()
    {
        using var data = new TemporaryFolder();
        var journal = Journal.Open(Path.Combine(data.Path, "journal"));
        var mark = journal.NewLaunch();
        var process = Start("sleep 300 & wait", mark);
        await Until.HoldsAsync(() => LaunchMarks.Find(journal.Id)[mark].Count() == 2, "its child runs");
        journal.Write(Entry(mark, null), flush: false);
        Assert.Equal(1, await AgentHost.StopAllAsync(data.Path));
        await Until.HoldsAsync(() => !Directory.Exists($"/proc/{process.Id}"), "it has gone");
        Assert.Empty(LaunchMarks.Find(journal.Id));
        Assert.Equal(0, await AgentHost.StopAllAsync(data.Path));
    }

    [Fact]
    public async Task At_once_leaves_no_grace_to_what_ignores_its_signal()
    {
        using var data = new TemporaryFolder();
        var journal = Journal.Open(Path.Combine(data.Path, "journal"));
        var mark = journal.NewLaunch();
        var process = Start("trap '' TERM; sleep 300 & wait; sleep 300", mark);
        await Until.HoldsAsync(() => LaunchMarks.Find(journal.Id)[mark].Count() == 2, "its child runs");
        journal.Write(Entry(mark, null) with { Assignment = Stage.Web() with { Stop = new StopSpec { Grace = TimeSpan.FromHours(1) } } }, flush: false);
        Assert.Equal(1, await AgentHost.StopAllAsync(data.Path, atOnce: true).WaitAsync(TimeSpan.FromMinutes(1)));
        await Until.HoldsAsync(() => !Directory.Exists($"/proc/{process.Id}"), "it has gone");
    }

    private static JournalEntry Entry(string mark, InstanceIdentity? identity) =>
        new() { Assignment = Stage.Web(), Phase = InstancePhase.Provision, Launch = mark, Identity = identity };

    private async Task<ImmutableArray<(JournalEntry Entry, IRunningInstance? Running)>> TakeAsync() =>
        await Survey.TakeAsync(Journal.Open(_folder.Path), new ProcessRuntime(TimeProvider.System), key => "/dev/null", _folder.Path, TimeProvider.System, CancellationToken.None);

    /// <summary>Through setsid, as the runtime starts its processes: each leads a session of its own.</summary>
    private Process Start(string script, string mark)
    {
        var start = new ProcessStartInfo("setsid", ["sh", "-c", script.Contains('&', StringComparison.Ordinal) ? script : "exec " + script]);
        start.Environment[LaunchMarks.Variable] = mark;
        var process = Process.Start(start)!;
        _started.Add(process);
        var deadline = Environment.TickCount64 + 5000;
        while (!LaunchMarks.Find(mark.Split('-')[0])[mark].Any() && Environment.TickCount64 < deadline)
        {
            Thread.Yield();
        }

        return process;
    }
}
