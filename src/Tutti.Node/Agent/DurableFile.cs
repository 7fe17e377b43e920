using System.Runtime.InteropServices;

namespace Tutti.Node.Agent;

/// <summary>Replaces a file whole: whoever reads it sees the old content or the new, also after a power cut.</summary>
internal static partial class DurableFile
{
    private const int ReadOnlyCloseOnExec = 0x80000;

    /// <summary>Writes beside the file and renames over it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">All of it.</param>
    /// <param name="flush">True: on disk when this returns. False: survives this process, not the machine.</param>
    /// <exception cref="IOException">Disk full, say; the old content is untouched.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, bool flush)
    {
        var beside = path + ".new";
        using (var file = File.OpenHandle(beside, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            RandomAccess.Write(file, content, 0);
            if (flush)
            {
                RandomAccess.FlushToDisk(file);
            }
        }

        File.Move(beside, path, overwrite: true);
        if (flush)
        {
            FlushFolder(Path.GetDirectoryName(path)!);
        }
    }

    private static void FlushFolder(string folder)
    {
        var handle = Open(folder, ReadOnlyCloseOnExec);
        if (handle < 0)
        {
            throw new IOException($"cannot open the folder {folder} to flush it (error {Marshal.GetLastPInvokeError()})");
        }

        var flushed = Fsync(handle);
        var error = Marshal.GetLastPInvokeError();
        _ = Close(handle);
        if (flushed < 0)
        {
            throw new IOException($"cannot flush the folder {folder} to disk (error {error})");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
