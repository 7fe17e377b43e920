using System.Runtime.InteropServices;

namespace Tutti.Server.Blobs;

/// <summary>Makes a rename inside a folder durable: without it a power cut may lose the new name of a file whose content is safe.</summary>
internal static class FolderSync
{
    private const int ReadOnlyFolder = 0x10000 | 0x80000; // O_DIRECTORY | O_CLOEXEC

    /// <exception cref="IOException">The folder cannot be synced.</exception>
    public static void ToDisk(string folder)
    {
        var descriptor = open(folder, ReadOnlyFolder);
        if (descriptor < 0)
        {
            throw Failed("open", folder);
        }

        try
        {
            if (fsync(descriptor) != 0)
            {
                throw Failed("fsync", folder);
            }
        }
        finally
        {
            _ = close(descriptor);
        }
    }

    private static IOException Failed(string call, string folder)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"{call} of folder {folder} failed: {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int fsync(int descriptor);

    [DllImport("libc", SetLastError = true)]
    private static extern int close(int descriptor);
}
