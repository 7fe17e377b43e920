using System.Diagnostics;
using Tutti.Node.Runtimes;

namespace Tutti.Node.Tests.Runtimes;

public class ProcessRuntimeTests
{
    [Theory]
    [InlineData("exit 0", 0, null)]
    [InlineData("exit 7", 7, null)]
    [InlineData("kill -TERM $$", 143, 15)]
    [InlineData("kill -KILL $$", 137, 9)]
    public async Task Tells_how_it_ended(string script, int code, int? signal)
    {
        await using var launching = new Launching();
        var running = await launching.Script(script);
        Assert.Equal(new ExitStatus(code, signal), await running.Exited.Soon());
    }

    [Fact]
    public async Task Passes_environment_folder_and_output_and_leads_its_own_session()
    {
        await using var launching = new Launching();
        File.WriteAllText(launching.Log, "before\n");
        var running = await launching.Script("echo $GREETING from $(pwd); echo to stderr >&2; read x || echo no input; ls /proc/self/fd | wc -l; env | grep -c .");
        await running.Exited.Soon();
        var lines = File.ReadAllLines(launching.Log);
        Assert.Equal("before", lines[0]);
        Assert.Equal($"hello from {launching.Folder.Path}", lines[1]);
        Assert.Equal("to stderr", lines[2]);
        Assert.Equal("no input", lines[3]);
        Assert.Equal("4", lines[4]); // 0, 1, 2 and the folder that ls reads
        Assert.Equal("3", lines[5]); // PATH, GREETING and the shell's own PWD
    }

    [Fact]
    public async Task Starts_with_default_signals_although_dotnet_ignores_some()
    {
        await using var launching = new Launching();
        var running = await launching.Script("grep -E 'Sig(Ign|Blk)' /proc/self/status");
        await running.Exited.Soon();
        var masks = File.ReadAllLines(launching.Log).Select(l => Convert.ToUInt64(l.Split('\t')[1], 16)).ToArray();
        const ulong UsedByGlibcItself = 0x180000000;
        Assert.Equal([0ul, 0ul], masks.Select(m => m & ~UsedByGlibcItself));
    }

    [Fact]
    public async Task Is_told_of_the_end_at_once()
    {
        await using var launching = new Launching();
        var running = await launching.Script("exec sleep 1000");
        var clock = Stopwatch.StartNew();
        Libc.Kill(running.Identity.Pid, 9);
        await running.Exited.Soon();
        Assert.True(clock.ElapsedMilliseconds < 1000, $"took {clock.ElapsedMilliseconds} ms");
    }

    [Fact]
    public async Task Takes_no_exit_code_of_a_child_that_dotnet_started_and_loses_none_of_its_own()
    {
        await using var launching = new Launching();
        var mine = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => launching.Script($"exit {i}")));
        var theirs = Enumerable.Range(0, 20).Select(i => Process.Start("/bin/sh", ["-c", $"exit {i + 100}"])).ToList();
        for (var i = 0; i < 20; i++)
        {
            await theirs[i].WaitForExitAsync().Soon();
            Assert.Equal(i + 100, theirs[i].ExitCode);
            Assert.Equal(i, (await mine[i].Exited.Soon()).Code);
            theirs[i].Dispose();
        }
    }

    [Fact]
    public async Task Starts_quickly()
    {
        await using var launching = new Launching(CgroupMounts.None);
        (await launching.Script("exit 0")).Dispose();
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 20; i++)
        {
            var clock = Stopwatch.StartNew();
            await launching.Script("exit 0");
            best = clock.Elapsed < best ? clock.Elapsed : best;
        }

        Assert.True(best < TimeSpan.FromMilliseconds(20), $"the quickest of 20 took {best.TotalMilliseconds:F1} ms");
    }

    [Fact]
    public async Task Measures_processor_time_and_memory_with_and_without_a_cgroup()
    {
        foreach (var mounts in new[] { CgroupMounts.None, CgroupMounts.Detect() })
        {
            await using var launching = new Launching(mounts);
            var running = await launching.Script("while :; do :; done");
            var highest = 0L;
            await Eventually.True(
                () =>
                {
                    var use = running.MeasureUse();
                    highest = Math.Max(highest, use?.Cpu.Millis ?? 0);
                    return use?.Memory.Bytes > 0 && highest > 50;
                },
                $"a busy loop shows in its use (groups: {mounts.Folders.Length})");
            Assert.True(highest < 8000, $"{highest} millicores for one loop");
        }
    }

    [Fact]
    public async Task Runs_as_another_user()
    {
        if (Libc.EffectiveUser() != 0)
        {
            Assert.Skip("only root may become another user");
        }

        await using var launching = new Launching();
        var running = await launching.Start(launching.Launch("id", "-un") with { User = "nobody", WorkingFolder = "/" });
        Assert.Equal(0, (await running.Exited.Soon()).Code);
        Assert.Equal("nobody\n", launching.LogText);
    }
}
