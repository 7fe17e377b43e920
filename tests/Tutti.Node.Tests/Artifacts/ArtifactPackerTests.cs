#pragma warning disable CA1416 // Tutti runs on Linux only.
using System.Diagnostics;
using Tutti.Node.Artifacts;
using Tutti.Node.Tests.Runtimes;

namespace Tutti.Node.Tests.Artifacts;

public sealed class ArtifactPackerTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_same_content_gives_the_same_bytes()
    {
        Fill("one", ["z", "a/b", "a-c", "B", new string('l', 120) + "/" + new string('m', 120)]);
        Fill("two", [new string('l', 120) + "/" + new string('m', 120), "B", "a-c", "a/b", "z"]);
        System.IO.File.SetLastWriteTimeUtc(_folder["two/z"], new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        System.IO.File.SetUnixFileMode(_folder["two/B"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var one = await Pack("one");
        var two = await Pack("two");
        Assert.Equal(one.Digest, two.Digest);
        Assert.Equal(one.Size, new FileInfo(one.Path).Length);
        Assert.Equal(Archives.Digest(System.IO.File.ReadAllBytes(one.Path)), one.Digest);

        // Pinned: another process, machine or release of .NET that packs it differently would send every artifact again.
        Assert.StartsWith("sha256:cdc97a66fe87c2b8b69df256a6e83f59e52016c3f70", one.Digest);
    }

    [Fact]
    public async Task What_was_packed_unpacks_to_the_same_and_is_a_tar_for_others()
    {
        _folder.Write("in/run.sh", "#!/bin/sh\n", executable: true);
        _folder.Write("in/data/a", "a");
        Directory.CreateDirectory(_folder["in/empty"]);
        System.IO.File.CreateSymbolicLink(_folder["in/data/run"], "../run.sh");
        Directory.CreateSymbolicLink(_folder["in/alias"], "data");
        var packed = await Pack("in");

        var cache = new ArtifactCache(_folder["cache"], (_, _) => Task.FromResult<Stream>(System.IO.File.OpenRead(packed.Path)), TimeProvider.System);
        var folder = await cache.EnsureAsync(packed.Digest, CancellationToken.None);
        Assert.Equal("a", System.IO.File.ReadAllText(Path.Combine(folder, "alias/a")));
        Assert.True(Directory.Exists(Path.Combine(folder, "empty")));
        Assert.Equal("../run.sh", new FileInfo(Path.Combine(folder, "data/run")).LinkTarget);
        Assert.True((System.IO.File.GetUnixFileMode(Path.Combine(folder, "run.sh")) & UnixFileMode.OtherExecute) != 0);

        using var tar = Process.Start(new ProcessStartInfo("tar", ["tvf", packed.Path]) { RedirectStandardOutput = true })!;
        var listing = await tar.StandardOutput.ReadToEndAsync();
        await tar.WaitForExitAsync().Soon();
        Assert.Equal(0, tar.ExitCode);
        Assert.Equal(6, listing.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("-rwxr-xr-x 0/0", listing);
    }

    [Fact]
    public async Task An_archive_is_taken_as_it_is()
    {
        var bytes = Archives.Zip(("a", "x", 0));
        System.IO.File.WriteAllBytes(_folder["a.zip"], bytes);
        var packed = await ArtifactPacker.PackAsync(_folder["a.zip"], _folder["out"], CancellationToken.None);
        Assert.Equal(new PackedArtifact(Archives.Digest(bytes), bytes.Length, _folder["a.zip"]), packed);
        Assert.False(System.IO.File.Exists(_folder["out"]));
    }

    [Fact]
    public async Task Refuses_a_link_that_leads_out()
    {
        Directory.CreateDirectory(_folder["in/a"]);
        System.IO.File.CreateSymbolicLink(_folder["in/a/l"], "../../secret");
        await Refused("the link 'a/l' leads to '../../secret', out of the artifact's folder");
    }

    [Fact]
    public async Task Refuses_a_pipe_without_waiting_for_it()
    {
        Directory.CreateDirectory(_folder["in"]);
        using var made = Process.Start("mkfifo", [_folder["in/p"]]);
        await made.WaitForExitAsync().Soon();
        await Refused("'p' is a device, a pipe or a socket, which an artifact may not hold");
    }

    [Fact]
    public Task Names_what_is_missing() => Refused($"the artifact {_folder["in"]} does not exist");

    private async Task Refused(string message) => Assert.Equal(message, (await Assert.ThrowsAsync<ArtifactException>(() => Pack("in").Soon())).Message);

    private Task<PackedArtifact> Pack(string name) => ArtifactPacker.PackAsync(_folder[name], _folder[name + ".tar"], CancellationToken.None);

    private void Fill(string folder, string[] names)
    {
        foreach (var name in names)
        {
            _folder.Write($"{folder}/{name}", "content of " + name);
        }
    }
}
