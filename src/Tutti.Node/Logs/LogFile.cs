using System.Globalization;

namespace Tutti.Node.Logs;

/// <summary>One log: a current file, which the instance appends to, and older parts <c>.1</c> (newest) to <c>.4</c>.</summary>
/// <remarks>The instance holds the current file open and goes on without the agent, so the file cannot be renamed: it is copied and then
/// truncated. What is written between the last read of the copy and the truncation, some microseconds, is lost.
/// Positions count every byte since this object was made, over all parts, so that a reader finds its place again after a rotation.</remarks>
internal sealed class LogFile(string path)
{
    /// <summary>A current file longer than this is rotated.</summary>
    public const long RotateAtBytes = 8 * 1024 * 1024;

    /// <summary>How many older parts are kept.</summary>
    public const int OldParts = 4;

    /// <summary>Where older parts cannot be written (a full disk), the current file is emptied at this length all the same.</summary>
    public const long EmptyAtBytes = 4 * RotateAtBytes;

    private const int BlockBytes = 64 * 1024;

    private readonly Lock _lock = new();
    private long _currentStart;

    /// <summary>Whether the file is gone for good.</summary>
    public bool Forgotten { get; private set; }

    /// <summary>Makes it where missing.</summary>
    public void Create()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
    }

    /// <summary>Moves the current file's content to an older part where it is too long.</summary>
    public void RotateIfLong()
    {
        lock (_lock)
        {
            if (Length(path) > RotateAtBytes)
            {
                Rotate();
            }
        }
    }

    /// <summary>Reads on from a position and moves it; 0 at the end. A position in a part that is gone moves on to the oldest there is.</summary>
    public int Read(ref long position, Span<byte> buffer)
    {
        lock (_lock)
        {
            foreach (var (file, start, length) in Parts())
            {
                var isCurrent = file == path;
                if (position < start)
                {
                    position = start;
                }

                if (position < start + length || (isCurrent && position > start + length))
                {
                    if (isCurrent && position > start + length)
                    {
                        position = start; // Someone else emptied the file: begin again with it.
                    }

                    var read = ReadAt(file, buffer, position - start);
                    position += read;
                    return read;
                }
            }

            return 0;
        }
    }

    /// <summary>Position of the first of the last lines.</summary>
    public long StartOfTail(int lines)
    {
        lock (_lock)
        {
            var parts = Parts();
            var end = parts[^1].Start + parts[^1].Length;
            if (lines <= 0)
            {
                return end;
            }

            Span<byte> block = new byte[BlockBytes];
            var seen = 0;
            for (var p = parts.Count - 1; p >= 0; p--)
            {
                var (file, start, length) = parts[p];
                for (var blockEnd = length; blockEnd > 0;)
                {
                    var from = Math.Max(0, blockEnd - BlockBytes);
                    var read = ReadAt(file, block[..(int)(blockEnd - from)], from);
                    for (var i = read - 1; i >= 0; i--)
                    {
                        // The newline that ends the very last line begins no line.
                        if (block[i] == '\n' && start + from + i != end - 1 && ++seen == lines)
                        {
                            return start + from + i + 1;
                        }
                    }

                    blockEnd = from;
                }
            }

            return parts[0].Start;
        }
    }

    /// <summary>Ends it for its readers; deletes it where asked.</summary>
    public void Forget(bool delete)
    {
        lock (_lock)
        {
            Forgotten = true;
            if (delete)
            {
                for (var i = 0; i <= OldParts; i++)
                {
                    File.Delete(PartOf(i));
                }
            }
        }
    }

    private string PartOf(int age) => age == 0 ? path : $"{path}.{age.ToString(CultureInfo.InvariantCulture)}";

    private List<(string File, long Start, long Length)> Parts()
    {
        var parts = new List<(string, long, long)>(OldParts + 1) { (path, _currentStart, Length(path)) };
        var start = _currentStart;
        for (var age = 1; age <= OldParts && Length(PartOf(age)) is > 0 and var length; age++)
        {
            start -= length;
            parts.Insert(0, (PartOf(age), start, length));
        }

        return parts;
    }

    private void Rotate()
    {
        var copy = path + ".copy";
        using var current = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        long copied;
        try
        {
            copied = Copy(current, copy);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(copy);
            if (RandomAccess.GetLength(current) > EmptyAtBytes)
            {
                _currentStart += RandomAccess.GetLength(current);
                RandomAccess.SetLength(current, 0); // Losing a log is better than filling the disk for everyone.
            }

            return;
        }

        RandomAccess.SetLength(current, 0);
        File.Delete(PartOf(OldParts));
        for (var age = OldParts - 1; age >= 1; age--)
        {
            if (File.Exists(PartOf(age)))
            {
                File.Move(PartOf(age), PartOf(age + 1));
            }
        }

        File.Move(copy, PartOf(1));
        _currentStart += copied;
    }

    private static long Copy(Microsoft.Win32.SafeHandles.SafeFileHandle from, string to)
    {
        using var target = File.OpenHandle(to, FileMode.Create, FileAccess.Write);
        var block = new byte[BlockBytes];
        long copied = 0;
        while (RandomAccess.Read(from, block, copied) is > 0 and var read)
        {
            RandomAccess.Write(target, block.AsSpan(0, read), copied);
            copied += read;
        }

        return copied;
    }

    private static long Length(string file)
    {
        var info = new FileInfo(file);
        return info.Exists ? info.Length : 0;
    }

    private static int ReadAt(string file, Span<byte> buffer, long offset)
    {
        try
        {
            using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return RandomAccess.Read(handle, buffer, offset);
        }
        catch (FileNotFoundException)
        {
            return 0; // Not written yet, or deleted.
        }
    }
}
