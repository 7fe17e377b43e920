using System.Collections.Immutable;
using Tutti.Model.Lifecycle;
using Tutti.Node.Agent;
using Tutti.Node.Runtimes;
using Tutti.Node.Tests.Instances;

namespace Tutti.Node.Tests.Agent;

public sealed class JournalTests
{
    [Fact]
    public void Remembers_what_was_written_and_forgets_what_is_forgotten()
    {
        using var folder = new TemporaryFolder();
        var journal = Journal.Open(folder.Path);
        var entry = new JournalEntry
        {
            Assignment = Stage.Pet(attempt: 4),
            Phase = InstancePhase.Run,
            Launch = journal.NewLaunch(),
            Identity = new InstanceIdentity(12, 34, "boot", "group"),
            StartedAt = DateTimeOffset.UnixEpoch,
            Ports = ImmutableSortedDictionary<string, int>.Empty.Add("http", 20001),
            UpstreamPorts = ImmutableSortedDictionary<string, int>.Empty.Add("cart", 30001),
        };
        journal.Write(entry, flush: true);
        journal.Write(entry with { Assignment = Stage.Web() }, flush: false);
        journal.Join("cluster-1");
        journal.Forget("shop", "web-1");
        journal.Forget("shop", "web-1");

        var again = Journal.Open(folder.Path);
        Assert.Equal("cluster-1", again.ClusterId);
        Assert.Equal(journal.Id, again.Id);
        var found = Assert.Single(again.Found);
        Assert.Equal(entry.Identity, found.Identity);
        Assert.Equal(entry.Ports, found.Ports);
        Assert.Equal(entry.UpstreamPorts, found.UpstreamPorts);
        Assert.Equal((4, "db-0", entry.Launch), (found.Assignment.Attempt, found.Assignment.Instance, found.Launch));
    }

    [Fact]
    public void A_write_that_was_cut_off_leaves_the_old_content()
    {
        using var folder = new TemporaryFolder();
        var journal = Journal.Open(folder.Path);
        journal.Write(new JournalEntry { Assignment = Stage.Web(), Phase = InstancePhase.Run, Launch = "a" }, flush: false);
        File.WriteAllText(Path.Combine(folder.Path, "shop/web-1.json.new"), "{ half");
        Assert.Equal(InstancePhase.Run, Assert.Single(Journal.Open(folder.Path).Found).Phase);
    }

    [Fact]
    public void An_unreadable_entry_stops_the_agent_and_is_named()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "shop"));
        File.WriteAllText(Path.Combine(folder.Path, "shop/web-1.json"), "{ half");
        var e = Assert.Throws<AgentStartException>(() => Journal.Open(folder.Path));
        Assert.Contains("shop/web-1.json", e.Message);
    }

    [Fact]
    public void A_second_agent_on_the_folder_is_told_the_pid_of_the_first()
    {
        using var folder = new TemporaryFolder();
        using (AgentFolder.Open(folder.Path))
        {
            var e = Assert.Throws<AgentStartException>(() => AgentFolder.Open(folder.Path));
            Assert.Contains($"pid {Environment.ProcessId}", e.Message);
        }

        AgentFolder.Open(folder.Path).Dispose();
    }

    [Fact]
    public async Task The_intent_is_on_disk_before_the_process_starts_and_its_identity_right_after()
    {
        await using var stage = new Stage();
        JournalEntry? atStart = null;
        stage.Runtime.BeforeStart = launch =>
        {
            atStart = stage.OnDisk("web-1");
            Assert.Equal(launch.Environment[LaunchMarks.Variable], atStart!.Launch);
        };
        var supervisor = stage.Create(Stage.Web());
        await Until.HoldsAsync(() => supervisor.Report.Phase == InstancePhase.Ready, "it is started");
        Assert.Null(atStart!.Identity);
        await Until.HoldsAsync(() => stage.OnDisk("web-1")!.Identity is not null, "its identity is written");
        Assert.Equal(stage.Runtime.Last.Identity, stage.OnDisk("web-1")!.Identity);
    }

    [Fact]
    public async Task What_cannot_be_written_down_is_not_left_running()
    {
        await using var stage = new Stage();
        stage.Runtime.BeforeStart = _ =>
        {
            // From here on the entry cannot be replaced: its name is a folder that is not empty.
            var entry = Path.Combine(stage.Folder, "journal/shop/web-1.json");
            File.Delete(entry);
            Directory.CreateDirectory(Path.Combine(entry, "full"));
        };
        var supervisor = stage.Create(Stage.Web());
        await Until.HoldsAsync(() => supervisor.Report.Stopped, "it is stopped");
        Assert.Equal(InstancePhase.Failed, supervisor.Report.Phase);
        Assert.Single(stage.Runtime.Last.Stops);
        Directory.Delete(Path.Combine(stage.Folder, "journal/shop/web-1.json"), recursive: true);
    }
}
