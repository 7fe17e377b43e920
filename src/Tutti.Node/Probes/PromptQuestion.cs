using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Tutti.Node.Runtimes;

namespace Tutti.Node.Probes;

/// <summary>A connection to a program on this machine that most likely answers at once: opened, asked and heard on the calling thread.</summary>
/// <remarks>Almost every probe is of an instance that works and answers in a fraction of a millisecond. Through the framework's sockets each step of
/// it wakes another two threads, which cost several times the probe itself. What takes longer goes on there: <see cref="ToSocket"/>.</remarks>
internal sealed class PromptQuestion : IDisposable
{
    /// <summary>How long the calling thread waits at most, once for the connection and once for the answer.</summary>
    private const int PatienceMs = 2;

    private int _descriptor;

    private PromptQuestion(int descriptor) => _descriptor = descriptor;

    /// <summary>Connects to 127.0.0.1; null where that is refused, takes longer, or cannot be done.</summary>
    public static PromptQuestion? Open(int port)
    {
        var descriptor = Libc.Socket(Libc.Internet, Libc.StreamSocket | Libc.NonBlockingSocket | Libc.CloseOnExec, 0);
        if (descriptor < 0)
        {
            return null;
        }

        var question = new PromptQuestion(descriptor);
        if (Connect(descriptor, port))
        {
            return question;
        }

        question.Dispose();
        return null;
    }

    /// <summary>Whether all of it was sent.</summary>
    public unsafe bool Ask(ReadOnlySpan<byte> request)
    {
        fixed (byte* bytes = request)
        {
            return Libc.Send(_descriptor, bytes, (nuint)request.Length, Libc.NoPipeSignal) == request.Length;
        }
    }

    /// <summary>How many bytes of the answer there are; 0: none yet, or none any more.</summary>
    public unsafe int Hear(Span<byte> buffer)
    {
        if (!Wait(_descriptor, Libc.PollIn))
        {
            return 0;
        }

        fixed (byte* bytes = buffer)
        {
            return Math.Max(0, (int)Libc.Receive(_descriptor, bytes, (nuint)buffer.Length, 0));
        }
    }

    /// <summary>The same connection, to be waited for without a thread.</summary>
    public Socket ToSocket() => new(new SafeSocketHandle(Interlocked.Exchange(ref _descriptor, -1), ownsHandle: true));

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _descriptor, -1) is >= 0 and var descriptor)
        {
            Libc.Close(descriptor);
        }
    }

    private static unsafe bool Connect(int descriptor, int port)
    {
        // struct sockaddr_in: the family in the machine's order, port and address in the network's.
        Span<byte> address = stackalloc byte[16];
        address.Clear();
        BitConverter.TryWriteBytes(address, (ushort)Libc.Internet);
        BinaryPrimitives.WriteUInt16BigEndian(address[2..], (ushort)port);
        BinaryPrimitives.WriteUInt32BigEndian(address[4..], 0x7f00_0001);
        fixed (byte* bytes = address)
        {
            if (Libc.Connect(descriptor, bytes, (uint)address.Length) == 0)
            {
                return true;
            }
        }

        if (Marshal.GetLastPInvokeError() != Libc.InProgress || !Wait(descriptor, Libc.PollOut))
        {
            return false;
        }

        int error, size = sizeof(int);
        return Libc.SocketOption(descriptor, Libc.SocketLevel, Libc.SocketError, &error, &size) == 0 && error == 0;
    }

    private static bool Wait(int descriptor, short what)
    {
        var item = new Libc.PollItem { Descriptor = descriptor, Wanted = what };
        return Libc.Poll(ref item, 1, PatienceMs) == 1;
    }
}
