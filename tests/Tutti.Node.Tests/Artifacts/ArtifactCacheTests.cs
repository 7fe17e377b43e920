using System.Formats.Tar;
using Tutti.Node.Artifacts;
using Tutti.Node.Tests.Runtimes;
using static Tutti.Node.Tests.Artifacts.Archives;

namespace Tutti.Node.Tests.Artifacts;

public sealed class ArtifactCacheTests : IDisposable
{
    private const UnixFileMode Everything = (UnixFileMode)0xFFF;
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, byte[]> Good()
    {
        var tar = Tar(File("bin/run.sh", "#!/bin/sh\n", UnixFileMode.UserExecute | UnixFileMode.UserRead), File("./lib/a.txt", "a"), Link("lib/b.txt", "../bin/run.sh"), Link("c", "lib/a.txt", TarEntryType.HardLink));
        return new TheoryData<string, byte[]>
        {
            { "tar", tar },
            { "tar.gz", Gzip(tar) },
            { "zip", Zip(("bin/run.sh", "#!/bin/sh\n", 0x81ED), ("lib/", "", 0x41ED), ("lib/a.txt", "a", 0x81A4), ("lib/b.txt", "../bin/run.sh", 0xA1FF), ("c", "a", 0)) },
        };
    }

    [Theory]
    [MemberData(nameof(Good), DisableDiscoveryEnumeration = true)]
    public async Task Unpacks(string format, byte[] archive)
    {
        Assert.NotEmpty(format);
        var folder = await Ensure(archive);
        Assert.Equal("#!/bin/sh\n", System.IO.File.ReadAllText(Path.Combine(folder, "lib/b.txt")));
        Assert.Equal("a", System.IO.File.ReadAllText(Path.Combine(folder, "c")));
        Assert.Equal("-rwxr-xr-x", Mode(folder, "bin/run.sh"));
        Assert.Equal("-rw-r--r--", Mode(folder, "lib/a.txt"));
        Assert.Equal("../bin/run.sh", new FileInfo(Path.Combine(folder, "lib/b.txt")).LinkTarget);
        Assert.Equal(["sha256-" + Digest(archive)[7..]], Directory.GetFileSystemEntries(_folder["cache"]).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Keeps_no_setuid()
    {
        var folder = await Ensure(Tar(File("su", "x", Everything)));
        Assert.Equal("-rwxr-xr-x", Mode(folder, "su"));
    }

    public static TheoryData<string, byte[]> Bad() => new()
    {
        { "leads out of the artifact's folder or may do so ('..')", Tar(File("../evil", "x")) },
        { "leads out of the artifact's folder or may do so ('..')", Tar(File("a/../../evil", "x")) },
        { "'/evil' is an absolute path", Tar(File("/evil", "x")) },
        { "leads out of the artifact's folder or may do so ('..')", Zip(("../evil", "x", 0)) },
        { "holds a backslash", Zip(("..\\evil", "x", 0)) },
        { "'/evil' is an absolute path", Zip(("/evil", "x", 0)) },
        { "the link 'l' leads to '..', out of the artifact's folder", Tar(Link("l", "..")) },
        { "the link 'l' leads to '/etc', which is not a relative path inside the artifact", Tar(Link("l", "/etc")) },
        { "the link 'a/l' leads to '../../x', out of the artifact's folder", Tar(Link("a/l", "../../x")) },
        { "the link 'l' leads to '../x', out of the artifact's folder", Zip(("l", "../x", 0xA1FF)) },
        { "which has '..' after a name", Tar(Link("p/q/up", "../.."), Link("p/q/out", "up/../x")) },
        { "'l/evil' goes through 'l', which is a link", Tar(Link("l", "d"), File("l/evil", "x")) },
        { "'f/evil' goes through 'f', which is a file", Tar(File("f", "x"), File("f/evil", "x")) },
        { "'l' is in the archive twice", Tar(Link("l", "f"), File("l", "x")) },
        { "'/etc/passwd' is an absolute path", Tar(Link("h", "/etc/passwd", TarEntryType.HardLink)) },
        { "'../x' leads out of the artifact's folder", Tar(Link("h", "../x", TarEntryType.HardLink)) },
        { "the hard link 'h' leads to 'l', which is not a file that came before it", Tar(File("f", "x"), Link("l", "f"), Link("h", "l", TarEntryType.HardLink)) },
        { "'p' is a Fifo, which an artifact may not hold", Tar(Special("p", TarEntryType.Fifo)) },
        { "'d' is a CharacterDevice, which an artifact may not hold", Tar(Special("d", TarEntryType.CharacterDevice)) },
        { "is a device, pipe or socket", Zip(("d", "", 0x2180)) },
        { "is longer than 255 bytes", Tar(File(new string('n', 256), "x")) },
        { "is longer than 1024 bytes", Tar(File(string.Join('/', Enumerable.Repeat("name", 300)), "x")) },
        { "it is not a tar, tar.gz or zip archive", [1, 2, 3] },
        { "it is not a tar, tar.gz or zip archive", [] },
        { "the archive is damaged", Tar(File("f", new string('x', 5000)))[..2000] },
        { "the archive is damaged", Gzip(Tar(File("f", "x")))[..60] },
        { "the archive is damaged", Zip(("f", "x", 0))[..40] },
    };

    [Theory]
    [MemberData(nameof(Bad), DisableDiscoveryEnumeration = true)]
    public async Task Refuses_and_leaves_nothing(string message, byte[] archive)
    {
        var refusal = await Assert.ThrowsAsync<ArtifactException>(() => Ensure(archive));
        Assert.StartsWith($"artifact {Digest(archive)}: ", refusal.Message);
        Assert.Contains(message, refusal.Message);
        Assert.Empty(Directory.GetFileSystemEntries(_folder["cache"]));
        Assert.Equal([_folder["cache"]], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task Keeps_its_bounds()
    {
        Directory.CreateDirectory(_folder["a"]);
        var few = new UnpackTarget(_folder["a"], entriesAllowed: 4);
        few.AddFolder("x/y/z");
        few.AddFolder("x/y/z");
        Assert.Equal("more than 4 entries, at 'x'", Assert.Throws<ArtifactException>(() => few.AddFolder("x")).Message);

        Directory.CreateDirectory(_folder["b"]);
        var small = new UnpackTarget(_folder["b"], bytesAllowed: 10);
        await small.AddFileAsync("f", new MemoryStream(new byte[6]), false, CancellationToken.None);
        Assert.Equal("more than 10 bytes unpacked", Assert.Throws<ArtifactException>(() => small.AddHardLink("h", "f")).Message);
        await Assert.ThrowsAsync<ArtifactException>(() => small.AddFileAsync("g", new MemoryStream(new byte[5]), false, CancellationToken.None));
    }

    [Fact]
    public async Task Names_both_hashes_of_a_corrupt_download()
    {
        var (right, wrong) = (Tar(File("a", "x")), Tar(File("a", "y")));
        var cache = new ArtifactCache(_folder["cache"], (_, _) => Task.FromResult<Stream>(new MemoryStream(wrong)), TimeProvider.System);
        var refusal = await Assert.ThrowsAsync<ArtifactException>(() => cache.EnsureAsync(Digest(right), CancellationToken.None));
        Assert.Contains($"is corrupt: expected {Digest(right)}, got {Digest(wrong)}", refusal.Message);
        Assert.Empty(Directory.GetFileSystemEntries(_folder["cache"]));
    }

    [Fact]
    public async Task Tries_again_after_a_failed_download()
    {
        var archive = Tar(File("a", "x"));
        var attempts = 0;
        var cache = new ArtifactCache(_folder["cache"], (_, _) =>
            ++attempts == 1 ? throw new HttpRequestException("no route to host") : Task.FromResult<Stream>(new MemoryStream(archive)), TimeProvider.System);
        var refusal = await Assert.ThrowsAsync<ArtifactException>(() => cache.EnsureAsync(Digest(archive), CancellationToken.None));
        Assert.Equal($"artifact {Digest(archive)}: the download failed: no route to host", refusal.Message);
        await cache.EnsureAsync(Digest(archive), CancellationToken.None);
        await cache.EnsureAsync(Digest(archive), CancellationToken.None);
        Assert.Equal(2, attempts);
    }

    [Theory]
    [InlineData("sha256:../../../etc")]
    [InlineData("md5:00")]
    [InlineData("sha256:ABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCD")]
    public async Task Refuses_what_is_no_digest(string digest) =>
        Assert.StartsWith($"'{digest}' is not a digest", (await Assert.ThrowsAsync<ArtifactException>(() => Cache([]).EnsureAsync(digest, CancellationToken.None))).Message);

    [Fact]
    public async Task Callers_share_a_download_which_ends_when_the_last_one_leaves()
    {
        var archive = Tar(File("a", "x"));
        var gate = new TaskCompletionSource<Stream>();
        var downloads = 0;
        var abandoned = CancellationToken.None;
        var cache = new ArtifactCache(_folder["cache"], (_, ct) =>
        {
            downloads++;
            abandoned = ct;
            return gate.Task.WaitAsync(ct);
        }, TimeProvider.System);
        using var first = new CancellationTokenSource();
        var impatient = cache.EnsureAsync(Digest(archive), first.Token);
        var patient = cache.EnsureAsync(Digest(archive), CancellationToken.None);
        await Eventually.True(() => downloads > 0, "the download begins");
        await first.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        Assert.False(abandoned.IsCancellationRequested);
        gate.SetResult(new MemoryStream(archive));
        Assert.True(Directory.Exists(await patient.Soon()));
        Assert.Equal(1, downloads);

        var alone = Digest(Tar(File("b", "x")));
        gate = new TaskCompletionSource<Stream>();
        using var second = new CancellationTokenSource();
        var only = cache.EnsureAsync(alone, second.Token);
        await Eventually.True(() => downloads > 1, "the other download begins");
        await second.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => only);
        await Eventually.True(() => abandoned.IsCancellationRequested, "nobody wants it any more");
    }

    [Fact]
    public async Task What_a_crash_left_half_unpacked_is_cleared_and_never_used()
    {
        var archive = Tar(File("a", "x"));
        var left = Directory.CreateDirectory(_folder["cache/.unfinished-abc/inner"]);
        System.IO.File.WriteAllText(_folder["cache/.unfinished-abc.archive"], "half");
        var folder = await Ensure(archive);
        Assert.Equal("x", System.IO.File.ReadAllText(Path.Combine(folder, "a")));
        Assert.False(left.Exists && Directory.Exists(left.FullName));
        Assert.Single(Directory.GetFileSystemEntries(_folder["cache"]));
    }

    [Fact]
    public async Task Of_what_nobody_uses_the_last_used_are_kept_for_some_time_and_the_rest_goes()
    {
        var time = new Instances.ManualTime();
        var archives = Enumerable.Range(0, ArtifactLimits.UnusedKept + 4).Select(i => Tar(File("a", $"{i}"))).ToList();
        var cache = new ArtifactCache(_folder["cache"], (digest, _) => Task.FromResult<Stream>(new MemoryStream(archives.Single(a => Digest(a) == digest))), time);
        foreach (var archive in archives)
        {
            await cache.EnsureAsync(Digest(archive), CancellationToken.None);
            time.Advance(TimeSpan.FromMinutes(1));
        }

        var inUse = new HashSet<string> { Digest(archives[0]) };
        cache.Clean(inUse);
        Assert.Equal(archives.Count, Kept().Count);

        time.Advance(ArtifactLimits.Recently);
        await cache.EnsureAsync(Digest(archives[1]), CancellationToken.None);
        cache.Clean(inUse);
        Assert.Equal([0, 1, .. Enumerable.Range(5, ArtifactLimits.UnusedKept - 1)], Kept());

        time.Advance(ArtifactLimits.UnusedKeptFor + TimeSpan.FromMinutes(1));
        cache.Clean(inUse);
        Assert.Equal([0], Kept());

        var again = await cache.EnsureAsync(Digest(archives[3]), CancellationToken.None);
        Assert.Equal("3", System.IO.File.ReadAllText(Path.Combine(again, "a")));
        Assert.Equal(2, Directory.GetFileSystemEntries(_folder["cache"]).Length);

        List<int> Kept() => [.. archives.Index().Where(each => Directory.Exists(_folder["cache/sha256-" + Digest(each.Item)[7..]])).Select(each => each.Index)];
    }

    [Fact]
    public async Task Who_asks_while_it_is_cleaned_gets_a_whole_one()
    {
        var time = new Instances.ManualTime();
        var archive = Tar([.. Enumerable.Range(0, 50).Select(i => File($"f{i}", "x"))]);
        var cache = new ArtifactCache(_folder["cache"], (_, _) => Task.FromResult<Stream>(new MemoryStream(archive)), time);
        for (var round = 0; round < 50; round++)
        {
            await cache.EnsureAsync(Digest(archive), CancellationToken.None);
            time.Advance(ArtifactLimits.UnusedKeptFor * 2);
            var cleaning = Task.Run(() => cache.Clean(new HashSet<string>()));
            var folder = await cache.EnsureAsync(Digest(archive), CancellationToken.None);
            await cleaning;
            Assert.Equal(50, Directory.GetFiles(folder).Length);
        }
    }

    private ArtifactCache Cache(byte[] archive) => new(_folder["cache"], (_, _) => Task.FromResult<Stream>(new MemoryStream(archive)), TimeProvider.System);

    private Task<string> Ensure(byte[] archive) => Cache(archive).EnsureAsync(Digest(archive), CancellationToken.None);

    private static string Mode(string folder, string name)
    {
        var mode = (int)new FileInfo(Path.Combine(folder, name)).UnixFileMode;
        Assert.Equal(0, mode & ~0x1FF);
        return "-" + string.Concat(Enumerable.Range(0, 9).Select(i => (mode & (0x100 >> i)) != 0 ? "rwxrwxrwx"[i] : '-'));
    }
}
