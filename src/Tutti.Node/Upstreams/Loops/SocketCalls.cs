using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Tutti.Node.Upstreams.Loops;

/// <summary>The kernel's socket calls, on descriptors that never block. Numbers are Linux's, the same on x86-64 and arm64.</summary>
internal static partial class SocketCalls
{
    public const int Again = 11;
    public const int Interrupted = 4;
    public const int InProgress = 115;
    public const int TooManyFiles = 24;
    public const int TooManyFilesOfAll = 23;

    public const int NoSignal = 0x4000;
    public const int Peek = 0x2;

    private const int Stream = 1;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int FamilyIPv4 = 2;
    private const int FamilyIPv6 = 10;
    private const int LevelSocket = 1;
    private const int LevelTcp = 6;
    private const int OptionError = 4;
    private const int OptionLinger = 13;
    private const int OptionNoDelay = 1;
    private const int ShutdownWrite = 1;

    /// <summary>A new connection, or -1 with the error in <see cref="Marshal.GetLastPInvokeError"/>.</summary>
    public static int Accept(int listener) => Accept4(listener, 0, 0, NonBlocking | CloseOnExec);

    /// <summary>A socket that has begun to connect; -1 where that failed at once.</summary>
    /// <param name="to">IPv4 or IPv6.</param>
    /// <param name="done">It is connected already.</param>
    public static unsafe int Connect(IPEndPoint to, out bool done)
    {
        done = false;
        var six = to.AddressFamily == AddressFamily.InterNetworkV6;
        var descriptor = Socket(six ? FamilyIPv6 : FamilyIPv4, Stream | NonBlocking | CloseOnExec, 0);
        if (descriptor < 0)
        {
            return -1;
        }

        SendAtOnce(descriptor);
        var address = stackalloc byte[28];
        var bytes = new Span<byte>(address, 28);
        bytes.Clear();
        MemoryMarshal.Write(bytes, (ushort)(six ? FamilyIPv6 : FamilyIPv4));
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], (ushort)to.Port);
        to.Address.TryWriteBytes(bytes[(six ? 8 : 4)..], out _);
        if (six)
        {
            MemoryMarshal.Write(bytes[24..], (uint)to.Address.ScopeId);
        }

        done = Connect(descriptor, address, six ? 28 : 16) == 0;
        if (done || Marshal.GetLastPInvokeError() is InProgress or Interrupted)
        {
            return descriptor;
        }

        _ = Runtimes.Libc.Close(descriptor);
        return -1;
    }

    /// <summary>The error a socket has pending, and clears it; 0 for none.</summary>
    public static unsafe int PendingError(int descriptor)
    {
        int error = 0, size = sizeof(int);
        return GetOption(descriptor, LevelSocket, OptionError, &error, &size) == 0 ? error : Marshal.GetLastPInvokeError();
    }

    /// <summary>Small pieces leave without waiting for more.</summary>
    public static unsafe void SendAtOnce(int descriptor)
    {
        var on = 1;
        _ = SetOption(descriptor, LevelTcp, OptionNoDelay, &on, sizeof(int)); // Not a TCP socket: slower is no error.
    }

    /// <summary>A close will reset the connection, so that the other side sees it broken and not ended in order.</summary>
    public static unsafe void ResetOnClose(int descriptor)
    {
        var linger = stackalloc int[2];
        (linger[0], linger[1]) = (1, 0);
        _ = SetOption(descriptor, LevelSocket, OptionLinger, linger, 2 * sizeof(int)); // Closed by the other side already: the close is all that is left.
    }

    /// <summary>Ends this side's direction.</summary>
    public static void EndSending(int descriptor) => _ = Shutdown(descriptor, ShutdownWrite);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    public static unsafe partial nint Receive(int descriptor, byte* buffer, nint count, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    public static unsafe partial nint Send(int descriptor, byte* buffer, nint count, int flags);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventCounter(uint start, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static unsafe partial nint Read(int descriptor, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static unsafe partial nint Write(int descriptor, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "accept4", SetLastError = true)]
    private static partial int Accept4(int descriptor, nint address, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    private static unsafe partial int Connect(int descriptor, byte* address, int length);

    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    private static unsafe partial int GetOption(int descriptor, int level, int option, int* value, int* size);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static unsafe partial int SetOption(int descriptor, int level, int option, int* value, int size);

    [LibraryImport("libc", EntryPoint = "shutdown", SetLastError = true)]
    private static partial int Shutdown(int descriptor, int how);
}
