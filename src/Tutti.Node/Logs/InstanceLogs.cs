using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace Tutti.Node.Logs;

/// <summary>Keeps the instances' logs in one folder, rotated.</summary>
internal sealed class InstanceLogs : IInstanceLogs, IDisposable
{
    private const int BlockBytes = 64 * 1024;
    private static readonly TimeSpan _rotationEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _followEvery = TimeSpan.FromMilliseconds(100);

    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly ITimer _rotation;
    private readonly ConcurrentDictionary<string, LogFile> _watched = new(StringComparer.Ordinal);
    private int _rotating;

    /// <summary>The folder is made where missing.</summary>
    public InstanceLogs(string folder, TimeProvider time)
    {
        (_folder, _time) = (Path.GetFullPath(folder), time);
        Directory.CreateDirectory(_folder);
        _rotation = time.CreateTimer(_ => RotateAll(), null, _rotationEvery, _rotationEvery);
    }

    /// <inheritdoc/>
    public string FileOf(string instanceKey)
    {
        var name = instanceKey.Replace('/', '.');
        var safe = new string([.. name.Select(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.' ? c : '_')]);

        // Names are DNS labels; for any other key a hash keeps two keys from sharing a file.
        if (safe != name || instanceKey.Contains('.') || safe.Length > 200 || instanceKey.Count(c => c == '/') > 1 || safe.StartsWith('.'))
        {
            safe = $"{safe[..Math.Min(safe.Length, 100)].TrimStart('.')}_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(instanceKey)))[..16]}";
        }

        return Path.Combine(_folder, safe + ".log");
    }

    /// <inheritdoc/>
    public void Watch(string instanceKey) => _watched.GetOrAdd(instanceKey, k => new LogFile(FileOf(k))).Create();

    /// <inheritdoc/>
    public void Forget(string instanceKey, bool delete)
    {
        var log = _watched.TryRemove(instanceKey, out var known) ? known : new LogFile(FileOf(instanceKey));
        log.Forget(delete);
    }

    /// <inheritdoc/>
    public ImmutableArray<string> Tail(string instanceKey, int lines)
    {
        var log = Find(instanceKey);
        var position = log.StartOfTail(lines);
        var splitter = new LineSplitter();
        var found = new List<string>();
        var block = new byte[BlockBytes];
        while (log.Read(ref position, block) is > 0 and var read)
        {
            splitter.Add(block.AsSpan(0, read), found);
        }

        if (splitter.Rest() is { } rest)
        {
            found.Add(rest);
        }

        return [.. found.TakeLast(Math.Max(0, lines))];
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> FollowAsync(string instanceKey, int tail, bool follow, [EnumeratorCancellation] CancellationToken ct)
    {
        var log = Find(instanceKey);
        var position = log.StartOfTail(tail);
        var splitter = new LineSplitter();
        var lines = new List<string>();
        var block = new byte[BlockBytes];
        while (true)
        {
            var forgotten = log.Forgotten;
            var read = log.Read(ref position, block);
            splitter.Add(block.AsSpan(0, read), lines);
            foreach (var line in lines)
            {
                yield return line;
            }

            lines.Clear();
            if (read > 0)
            {
                continue;
            }

            if (!follow || forgotten)
            {
                break;
            }

            await Task.Delay(_followEvery, _time, ct).ConfigureAwait(false);
        }

        if (splitter.Rest() is { } rest)
        {
            yield return rest;
        }
    }

    /// <summary>Stops rotating; the instances go on writing.</summary>
    public void Dispose() => _rotation.Dispose();

    /// <summary>Rotates every watched log that is too long.</summary>
    internal void RotateAll()
    {
        if (Interlocked.Exchange(ref _rotating, 1) == 1)
        {
            return; // The last round is still copying.
        }

        try
        {
            foreach (var log in _watched.Values)
            {
                RotateOne(log);
            }
        }
        finally
        {
            Volatile.Write(ref _rotating, 0);
        }
    }

    private static void RotateOne(LogFile log)
    {
        try
        {
            log.RotateIfLong();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The file was deleted or its disk is failing; the next round tries again, and the other logs have their turn now.
        }
    }

    private LogFile Find(string instanceKey) => _watched.GetValueOrDefault(instanceKey) ?? new LogFile(FileOf(instanceKey));
}
