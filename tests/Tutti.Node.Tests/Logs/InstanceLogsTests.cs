using System.Text;
using Tutti.Node.Logs;
using Tutti.Node.Tests.Runtimes;

namespace Tutti.Node.Tests.Logs;

public sealed class InstanceLogsTests : IDisposable
{
    private const string Key = "shop/web-7f3k2a";
    private readonly ScratchFolder _folder = new();
    private readonly InstanceLogs _logs;
    private readonly string _file;

    public InstanceLogsTests()
    {
        _logs = new InstanceLogs(_folder["logs"], TimeProvider.System);
        _logs.Watch(Key);
        _file = _logs.FileOf(Key);
    }

    public void Dispose()
    {
        _logs.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Every_key_has_a_file_of_its_own_inside_the_folder()
    {
        Assert.Equal(_folder["logs/shop.web-7f3k2a.log"], _file);
        string[] odd = ["a/b", "a.b", "../../etc/passwd", "a/../b", "A/b", "a_/b", "..", "", new string('x', 5000), "a/b/c", "a.b/c", "a/b.c"];
        var files = odd.Select(_logs.FileOf).ToList();
        Assert.Equal(odd.Length, files.Distinct().Count());
        Assert.All(files, f => Assert.Equal(_folder["logs"], Path.GetDirectoryName(Path.GetFullPath(f))));
        Assert.All(files, f => Assert.True(Path.GetFileName(f).Length < 250));
    }

    [Theory]
    [InlineData("", 5, "")]
    [InlineData("a\nb\nc\n", 2, "b|c")]
    [InlineData("a\nb\nc", 2, "b|c")]
    [InlineData("a\nb\nc\n", 100, "a|b|c")]
    [InlineData("a\n\n\n", 2, "|")]
    [InlineData("a\r\nb\r\n", 2, "a|b")]
    [InlineData("a\nb\n", 0, "")]
    public void Tail_is_the_last_lines(string text, int lines, string expected)
    {
        File.WriteAllText(_file, text);
        Assert.Equal(expected, string.Join('|', _logs.Tail(Key, lines)));
    }

    [Fact]
    public void Tail_of_no_log_is_empty() => Assert.Empty(_logs.Tail("shop/none", 5));

    [Fact]
    public void Long_lines_are_cut_and_bad_bytes_replaced()
    {
        File.WriteAllBytes(_file, [.. Encoding.ASCII.GetBytes(new string('x', 100_000)), (byte)'\n', (byte)'o', 0xff, (byte)'k', (byte)'\n']);
        var lines = _logs.Tail(Key, 10);
        Assert.Equal(new string('x', LineSplitter.LongestLineBytes), lines[0]);
        Assert.Equal("o\uFFFDk", lines[1]);
    }

    [Fact]
    public void Rotation_keeps_everything_in_order_over_the_parts_and_drops_the_oldest()
    {
        var number = 0;
        for (var part = 0; part < 6; part++)
        {
            Append(() => $"{number++,8} {new string('x', 990)}", LogFile.RotateAtBytes + 1);
            _logs.RotateAll();
            Assert.True(new FileInfo(_file).Length <= 64 * 1024);
        }

        Append(() => $"{number++,8} last", 100);
        Assert.Equal(LogFile.OldParts, Directory.GetFiles(_folder["logs"]).Count(f => !f.EndsWith(".log", StringComparison.Ordinal)));
        var lines = _logs.Tail(Key, 10_000).Select(l => int.Parse(l.AsSpan(0, 8), provider: null)).ToArray();
        Assert.Equal(Enumerable.Range(number - 10_000, 10_000), lines);
        var all = _logs.Tail(Key, int.MaxValue);
        Assert.InRange(all.Length, 4 * (int)(LogFile.RotateAtBytes / 1000), number - 1);
    }

    [Fact]
    public async Task A_follower_misses_and_repeats_nothing_over_rotations()
    {
        using var stop = new CancellationTokenSource();
        var seen = new List<int>();
        const int Lines = 40_000;
        var following = Task.Run(async () =>
        {
            await foreach (var line in _logs.FollowAsync(Key, 0, follow: true, stop.Token))
            {
                seen.Add(int.Parse(line.AsSpan(0, 8), provider: null));
                _first.TrySetResult();
                if (line.EndsWith("end", StringComparison.Ordinal))
                {
                    _last.TrySetResult();
                }
            }
        });

        await Eventually.True(
            () =>
            {
                Append(() => $"{-1,8}", 1);
                return _first.Task.IsCompleted;
            },
            "the follower sees a first line");
        var number = 0;
        while (number < Lines)
        {
            Append(() => $"{number++,8} {new string('y', 990)}", 4_000_000);
            _logs.RotateAll();
        }

        Append(() => $"{number++,8} end", 1);
        await Eventually.True(() => _last.Task.IsCompleted, "the follower sees the last line");
        _logs.Forget(Key, delete: true);
        await following.Soon();
        Assert.Equal(Enumerable.Range(0, number), seen.SkipWhile(n => n == -1));
        Assert.Empty(Directory.GetFiles(_folder["logs"]));
    }

    [Fact]
    public async Task Following_without_going_on_ends_by_itself()
    {
        File.WriteAllText(_file, "a\nb\nc");
        var lines = new List<string>();
        await foreach (var line in _logs.FollowAsync(Key, 2, follow: false, CancellationToken.None))
        {
            lines.Add(line);
        }

        Assert.Equal(["b", "c"], lines);
    }

    [Theory]
    [InlineData("/tmp")]
    [InlineData("/dev/shm")] // has no way to take out a file's front
    public async Task An_instance_goes_on_writing_after_its_log_was_rotated(string place)
    {
        var folder = Path.Combine(place, "tutti-logs-" + Path.GetRandomFileName());
        try
        {
            await GoesOnWriting(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task GoesOnWriting(string folder)
    {
        using var logs = new InstanceLogs(folder, TimeProvider.System);
        logs.Watch(Key);
        var file = logs.FileOf(Key);
        await using var launching = new Launching();
        var running = await launching.Start(launching.Launch("/bin/sh", "-c", "echo before; while [ ! -f go ]; do sleep 0.01; done; echo after") with { LogFile = file });
        await Eventually.True(() => logs.Tail(Key, 1) is ["before"], "the first line is there");
        Append(file, () => new string('x', 1000), LogFile.RotateAtBytes + 1);
        logs.RotateAll();
        launching.Folder.Write("go", "");
        await running.Exited.Soon();
        Assert.EndsWith("x\nafter\n", "x\n" + File.ReadAllText(file));
        Assert.True(new FileInfo(file).Length <= 64 * 1024 + 6);
        Assert.StartsWith("before\n", File.ReadAllText(file + ".1"));
        Assert.Equal(LogFile.RotateAtBytes / 1001 + 3, logs.Tail(Key, int.MaxValue).Length);
    }

    private readonly TaskCompletionSource _first = new();
    private readonly TaskCompletionSource _last = new();

    private void Append(Func<string> line, long bytes) => Append(_file, line, bytes);

    private static void Append(string path, Func<string> line, long bytes)
    {
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 1 << 16);
        for (long written = 0; written < bytes;)
        {
            var text = Encoding.UTF8.GetBytes(line() + "\n");
            file.Write(text);
            written += text.Length;
        }
    }
}
