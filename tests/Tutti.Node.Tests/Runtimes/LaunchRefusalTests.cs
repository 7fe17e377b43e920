using Tutti.Node.Runtimes;

namespace Tutti.Node.Tests.Runtimes;

public class LaunchRefusalTests
{
    [Fact]
    public Task Missing_on_path() => Refused("'postgres-not-there' was not found on PATH (/usr/bin:/bin)", _ => { }, "postgres-not-there");

    [Fact]
    public Task Missing_on_path_but_in_the_folder() =>
        Refused("'server' was not found on PATH (/usr/bin:/bin); write './server' for the one in the working folder", f => f.Write("server", "#!/bin/sh\n", executable: true), "server");

    [Fact]
    public Task Missing_file() => Refused("'./run.sh' was not found in FOLDER", _ => { }, "./run.sh");

    [Fact]
    public Task Not_executable() => Refused("'./run.sh' is not executable: chmod +x it", f => f.Write("run.sh", "#!/bin/sh\n"), "./run.sh");

    [Fact]
    public Task A_folder() => Refused("'./bin' is a folder, not a program", f => Directory.CreateDirectory(f["bin"]), "./bin");

    [Fact]
    public Task No_format() =>
        Refused("'./run.sh' is neither a program nor a script: a script begins with #! and its interpreter", f => f.Write("run.sh", "echo hello\n", executable: true), "./run.sh");

    [Fact]
    public Task No_interpreter() =>
        Refused("'./run.sh' asks for the interpreter '/bin/not-there', which was not found", f => f.Write("run.sh", "#!/bin/not-there -x\n", executable: true), "./run.sh");

    [Fact]
    public Task Nul_in_an_argument() => Refused("contains a NUL character", _ => { }, "/bin/sh", "-c", "a\0b");

    [Fact]
    public Task Too_long() => Refused("its arguments and environment are longer than the kernel allows", _ => { }, "/bin/sh", "-c", new string('x', 4_000_000));

    [Fact]
    public async Task Unknown_user()
    {
        await using var launching = new Launching();
        var refusal = await Assert.ThrowsAsync<LaunchException>(() => launching.Start(launching.Launch("/bin/true") with { User = "not-a-user" }));
        Assert.Equal("there is no user 'not-a-user' on this node", refusal.Message);
    }

    [Fact]
    public async Task Log_not_writable()
    {
        await using var launching = new Launching();
        var refusal = await Assert.ThrowsAsync<LaunchException>(() => launching.Start(launching.Launch("/bin/true") with { LogFile = launching.Folder["no/such/log"] }));
        Assert.StartsWith($"the log {launching.Folder["no/such/log"]} cannot be written: ", refusal.Message);
    }

    [Fact]
    public async Task No_working_folder()
    {
        await using var launching = new Launching();
        var refusal = await Assert.ThrowsAsync<LaunchException>(() => launching.Start(launching.Launch("/bin/true") with { WorkingFolder = "/not/there" }));
        Assert.Equal("the working folder /not/there does not exist", refusal.Message);
    }

    private static async Task Refused(string message, Action<ScratchFolder> prepare, params string[] command)
    {
        await using var launching = new Launching();
        prepare(launching.Folder);
        var before = GroupsLeft();
        var refusal = await Assert.ThrowsAsync<LaunchException>(() => launching.Start(launching.Launch(command) with { Key = "refused/x" }));
        Assert.Contains(message.Replace("FOLDER", launching.Folder.Path), refusal.Message);
        Assert.Equal(before, GroupsLeft());
    }

    private static int GroupsLeft() => CgroupMounts.Detect().Folders.Sum(f => Directory.GetDirectories(f, "tutti.refused.*").Length);
}
