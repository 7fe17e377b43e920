using System.Diagnostics;
using SQLitePCL;
using Tutti.Store.Sqlite;
using static Tutti.Store.Tests.Reading;

namespace Tutti.Store.Tests.Sqlite;

public sealed class OpeningTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task The_folder_is_created_and_the_file_is_the_users_own()
    {
        var path = _folder.File("data/more/tutti.db");
        await using var store = await SqliteStore.OpenAsync(path);
        await store.CommitAsync(Put("a", "x", "1"));
        foreach (var file in new[] { path, path + "-wal", path + "-shm" })
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task A_folder_is_no_store() => await AssertRefusedAsync(_folder.Path, "this is a folder: name a file in it");

    [Fact]
    public async Task A_file_is_no_folder()
    {
        await File.WriteAllTextAsync(_folder.File("file"), "text");
        await AssertRefusedAsync(_folder.File("file/tutti.db"), "cannot be created");
    }

    [Fact]
    public async Task A_folder_where_nobody_may_create_a_file_is_refused() => await AssertRefusedAsync("/proc/tutti.db", "the file cannot be created");

    [Fact]
    public async Task A_read_only_folder_is_refused()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "this user may write anywhere: permission bits have no effect");
        File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            await AssertRefusedAsync(_folder.File("tutti.db"), "make the folder writable");
        }
        finally
        {
            File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public async Task A_read_only_file_is_refused()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "this user may write anywhere: permission bits have no effect");
        var path = await WrittenAsync();
        File.SetUnixFileMode(path, UnixFileMode.UserRead);
        await AssertRefusedAsync(path, "read-only: make both writable");
    }

    [Fact]
    public async Task Another_programs_file_is_refused_and_left_alone()
    {
        var text = _folder.File("notes.txt");
        await File.WriteAllTextAsync(text, new string('x', 10_000));
        await AssertRefusedAsync(text, "this is not a Tutti store, or its first page is damaged");
        Assert.Equal(new string('x', 10_000), await File.ReadAllTextAsync(text));

        var database = _folder.File("other.db");
        Change(database, "CREATE TABLE songs(title TEXT)");
        var bytes = await File.ReadAllBytesAsync(database);
        await AssertRefusedAsync(database, "another program's SQLite database");
        Assert.Equal(bytes, await File.ReadAllBytesAsync(database));
    }

    [Fact]
    public async Task A_file_of_a_newer_program_is_refused_and_left_alone()
    {
        var path = await WrittenAsync();
        Change(path, "PRAGMA user_version = 99");
        var bytes = await File.ReadAllBytesAsync(path);
        await AssertRefusedAsync(path, $"its schema has version 99, this program knows up to {Schema.Version}: use the newer tutti");
        Assert.Equal(bytes, await File.ReadAllBytesAsync(path));
    }

    [Fact]
    public async Task A_damaged_first_page_is_refused()
    {
        var path = await WrittenAsync();
        await using (var file = File.OpenWrite(path))
            file.Write(new byte[100]);
        await AssertRefusedAsync(path, "first page is damaged");
    }

    [Fact]
    public async Task A_damaged_page_is_reported_when_it_is_read()
    {
        var path = await WrittenAsync();
        await using (var file = File.OpenWrite(path))
        {
            var garbage = new byte[file.Length - 4_096];
            new Random(1).NextBytes(garbage);
            file.Position = 4_096;
            file.Write(garbage);
        }

        var damaged = await Assert.ThrowsAsync<StoreException>(async () =>
        {
            await using var store = await SqliteStore.OpenAsync(path);
            await store.DocumentsAsync();
        });
        Assert.Contains($"{path}: the file is damaged", damaged.Message);
        Assert.Contains("put a backup in its place", damaged.Message);
    }

    [Fact]
    public async Task A_lock_that_another_program_holds_is_named_and_waited_for_only_so_long()
    {
        var path = await WrittenAsync();
        await using var store = await SqliteStore.OpenAsync(path);
        using var other = Database.Open(path, cacheBytes: 1 << 20);
        other.Execute("BEGIN IMMEDIATE", "test");
        var clock = Stopwatch.StartNew();
        var locked = await Assert.ThrowsAsync<StoreException>(async () => await store.CommitAsync(Put("a", "x", "2")));
        Assert.Contains("another process has held it locked for 5 s", locked.Message);
        Assert.InRange(clock.Elapsed.TotalSeconds, 4, 30);
        Assert.Equal(1, await store.RevisionAsync());

        other.Execute("ROLLBACK", "test");
        Assert.Equal(2, await store.CommitAsync(Put("a", "x", "2")));
    }

    [Fact]
    public async Task A_closed_store_says_so()
    {
        var store = await SqliteStore.OpenAsync(_folder.File("tutti.db"));
        await store.DisposeAsync();
        await store.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await store.CommitAsync(Put("a", "x", "2")));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await store.RevisionAsync());
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await store.DocumentsAsync());
        Assert.Equal([_folder.File("tutti.db")], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task A_bound_that_makes_no_sense_is_refused() =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => SqliteStore.OpenAsync(_folder.File("tutti.db"), new StoreLimits { BatchWrites = 0 }));

    public void Dispose() => _folder.Dispose();

    private static async Task AssertRefusedAsync(string path, string message)
    {
        var refused = await Assert.ThrowsAsync<StoreException>(() => SqliteStore.OpenAsync(path));
        Assert.Contains(path, refused.Message);
        Assert.Contains(message, refused.Message);
    }

    private static void Change(string path, string sql)
    {
        Batteries_V2.Init();
        raw.sqlite3_open(path, out var database);
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_exec(database, sql));
        database.Dispose();
    }

    private async Task<string> WrittenAsync()
    {
        var path = _folder.File("tutti.db");
        await using var store = await SqliteStore.OpenAsync(path);
        await store.CommitAsync([.. Enumerable.Range(0, 200).Select(i => Put("a", $"{i}", new string('v', 300)))]);
        return path;
    }
}
