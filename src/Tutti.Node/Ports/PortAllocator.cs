using System.Net;
using System.Net.Sockets;
using Tutti.Node.Runtimes;

namespace Tutti.Node.Ports;

/// <summary>Goes round its range from a random place, so that a released number rests as long as possible before it is used again.</summary>
internal sealed class PortAllocator : IPortAllocator
{
    private readonly int _first;
    private readonly int _last;
    private readonly HashSet<int> _taken = [];
    private readonly Lock _lock = new();
    private int _next;

    /// <summary>Both ends belong to the range, 1 to 65535.</summary>
    public PortAllocator(int first, int last)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(first, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(last, IPEndPoint.MaxPort);
        ArgumentOutOfRangeException.ThrowIfLessThan(last, first);
        (_first, _last) = (first, last);
        _next = Random.Shared.Next(first, last + 1);
    }

    /// <inheritdoc/>
    public int Take(int? fixedNumber)
    {
        lock (_lock)
        {
            return fixedNumber is { } number ? TakeFixed(number) : TakeNext();
        }
    }

    /// <inheritdoc/>
    public void Reclaim(int number)
    {
        lock (_lock)
        {
            _taken.Add(number);
        }
    }

    /// <inheritdoc/>
    public void Release(int number)
    {
        lock (_lock)
        {
            _taken.Remove(number);
        }
    }

    private int TakeFixed(int number)
    {
        if (_taken.Contains(number))
        {
            throw new LaunchException($"port {number} is in use by another instance on this node");
        }

        if (!IsFree(number))
        {
            var owner = PortOwner.Find(number) is { } found ? $" (pid {found.Pid} {found.Name})" : "";
            throw new LaunchException($"port {number} is in use by another process{owner}");
        }

        _taken.Add(number);
        return number;
    }

    private int TakeNext()
    {
        var foreign = 0;
        for (var i = _first; i <= _last; i++)
        {
            var number = _next;
            _next = _next == _last ? _first : _next + 1;
            if (_taken.Contains(number))
            {
                continue;
            }

            if (IsFree(number))
            {
                _taken.Add(number);
                return number;
            }

            foreign++;
        }

        throw new LaunchException(
            $"no free port from {_first} to {_last}: {_last - _first + 1 - foreign} are given to instances and {foreign} are used by other processes; widen the agent's range of ports");
    }

    /// <summary>Listens for a moment, as the instance will: .NET sets SO_REUSEADDR, so connections of the past do not count but every listener does.</summary>
    private static bool IsFree(int number) =>
        CanListen(IPAddress.Loopback, number) && CanListen(IPAddress.Any, number)
        && (!Socket.OSSupportsIPv6 || CanListen(IPAddress.IPv6Any, number));

    private static bool CanListen(IPAddress address, int number)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (address.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = false;
            }

            socket.Bind(new IPEndPoint(address, number));
            socket.Listen(1);
            return true;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported;
        }
    }
}
