using System.Runtime.InteropServices;

namespace Tutti.Node.Runtimes;

/// <summary>The calls into glibc and the kernel that .NET has no API for. Structures have their 64-bit Linux layout.</summary>
internal static partial class Libc
{
    public const short SpawnSetSignalDefaults = 0x04;
    public const short SpawnSetSignalMask = 0x08;
    public const short SpawnSetSession = 0x80;

    public const int OpenRead = 0;
    public const int OpenWrite = 1;
    public const int OpenCreate = 0x40;
    public const int OpenAppend = 0x400;

    public const int PermissionDenied = 13;
    public const int NoSuchEntry = 2;
    public const int ArgumentsTooLong = 7;
    public const int NotAProgram = 8;
    public const int NoChild = 10;

    public const int WaitByPidFd = 3;
    public const int WaitExited = 4;
    public const int WaitNoHang = 1;
    public const int WaitNoReap = 0x0100_0000;

    public const uint EpollIn = 0x1;
    public const uint EpollHangUp = 0x10;
    public const int EpollAdd = 1;
    public const int EpollRemove = 2;
    public const int EpollModify = 3;
    public const int CloseOnExec = 0x80000;

    public const int Internet = 2;
    public const int StreamSocket = 1;
    public const int NonBlockingSocket = 0x800;
    public const int NoPipeSignal = 0x4000;
    public const int SocketLevel = 1;
    public const int SocketError = 4;
    public const int InProgress = 115;
    public const short PollIn = 0x1;
    public const short PollOut = 0x4;

    /// <summary>Room for any of glibc's opaque spawn structures and signal sets, the largest of which takes 336 bytes.</summary>
    public const int OpaqueBytes = 512;

    private const int PidFdOpenNumber = 434;

    [LibraryImport("libc", EntryPoint = "posix_spawn")]
    public static unsafe partial int PosixSpawn(out int pid, byte* path, byte* fileActions, byte* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    public static unsafe partial int FileActionsInit(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    public static unsafe partial int FileActionsDestroy(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    public static unsafe partial int FileActionsOpen(byte* actions, int descriptor, string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    public static unsafe partial int FileActionsDuplicate(byte* actions, int descriptor, int onto);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addchdir_np", StringMarshalling = StringMarshalling.Utf8)]
    public static unsafe partial int FileActionsChangeFolder(byte* actions, string path);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addclosefrom_np")]
    public static unsafe partial int FileActionsCloseFrom(byte* actions, int descriptor);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    public static unsafe partial int SpawnAttributesInit(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    public static unsafe partial int SpawnAttributesDestroy(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    public static unsafe partial int SpawnAttributesFlags(byte* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    public static unsafe partial int SpawnAttributesSignalDefaults(byte* attributes, byte* set);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    public static unsafe partial int SpawnAttributesSignalMask(byte* attributes, byte* set);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    public static unsafe partial int SignalSetEmpty(byte* set);

    [LibraryImport("libc", EntryPoint = "sigfillset")]
    public static unsafe partial int SignalSetFill(byte* set);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    public static partial int WaitId(int idType, int id, ref SignalInfo info, int options);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "getpwnam", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint UserByName(string name);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static unsafe partial int EpollControl(int epoll, int operation, int descriptor, byte* item);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    public static unsafe partial int EpollWait(int epoll, byte* items, int capacity, int timeoutMs);

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    public static unsafe partial int Connect(int descriptor, byte* address, uint length);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    public static unsafe partial nint Send(int descriptor, byte* buffer, nuint count, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    public static unsafe partial nint Receive(int descriptor, byte* buffer, nuint count, int flags);

    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    public static unsafe partial int SocketOption(int descriptor, int level, int name, int* value, int* size);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(ref PollItem items, nuint count, int timeoutMs);

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MemoryFile(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    public static unsafe partial nint ReadAt(int descriptor, byte* buffer, nuint count, long offset);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    public static partial int SyncFileSystem(int descriptor);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags, uint mode);

    /// <summary>Takes whole blocks out of the front of a file (ext4, XFS), in one step with regard to those who append to it.</summary>
    public static bool RemoveFront(Microsoft.Win32.SafeHandles.SafeFileHandle file, long bytes)
    {
        const int CollapseRange = 0x08;
        return Allocate(file, CollapseRange, 0, bytes) == 0;
    }

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    private static partial int Allocate(Microsoft.Win32.SafeHandles.SafeFileHandle file, int mode, long offset, long length);

    [LibraryImport("libc", EntryPoint = "sysconf")]
    public static partial long SystemConfiguration(int name);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long SystemCall(long number, long first, long second);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(int descriptor, ulong request, ref PidFdInfo info);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Statx(int folder, string path, int flags, uint mask, byte* answer);

    /// <summary>Whether the path itself, links not followed, is an ordinary file.</summary>
    public static unsafe bool IsRegularFile(string path)
    {
        const int WorkingFolder = -100;
        const int NoFollow = 0x100;
        const int TypeWanted = 1;
        const int ModeOffset = 28;
        var answer = stackalloc byte[256];
        return Statx(WorkingFolder, path, NoFollow, TypeWanted, answer) == 0 && (*(ushort*)(answer + ModeOffset) & 0xF000) == 0x8000;
    }

    /// <summary>A descriptor that becomes readable when the process ends; -1 where there is no such process.</summary>
    public static int PidFdOpen(int pid) => (int)SystemCall(PidFdOpenNumber, pid, 0);

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PollItem
    {
        public int Descriptor;
        public short Wanted;
        public short Found;
    }

    /// <summary>siginfo_t of a child that ended.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    public struct SignalInfo
    {
        [FieldOffset(8)] public int Code;
        [FieldOffset(16)] public int Pid;
        [FieldOffset(24)] public int Status;
    }

    /// <summary>struct pidfd_info of kernel 6.13, its first version.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 64)]
    public struct PidFdInfo
    {
        /// <summary>_IOWR(0xFF, 11, struct pidfd_info).</summary>
        public const ulong Request = 0xC040FF0B;

        /// <summary>Asks for the exit code, which kernels from 6.15 keep for holders of a pidfd after the process was reaped.</summary>
        public const ulong ExitWanted = 1 << 3;

        [FieldOffset(0)] public ulong Mask;
        [FieldOffset(60)] public int ExitCode;
    }
}
