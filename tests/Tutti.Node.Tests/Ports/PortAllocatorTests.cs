using System.Net;
using System.Net.Sockets;
using Tutti.Node.Ports;
using Tutti.Node.Runtimes;

namespace Tutti.Node.Tests.Ports;

public class PortAllocatorTests
{
    [Fact]
    public void Gives_every_number_once_and_then_says_why_there_is_none()
    {
        var range = FreeRange(5);
        var ports = new PortAllocator(range, range + 4);
        var taken = Enumerable.Range(0, 5).Select(_ => ports.Take(null)).Order().ToArray();
        Assert.Equal(Enumerable.Range(range, 5), taken);
        var refusal = Assert.Throws<LaunchException>(() => ports.Take(null));
        Assert.Equal(
            $"no free port from {range} to {range + 4}: 5 are given to instances and 0 are used by other processes; widen the agent's range of ports",
            refusal.Message);
    }

    [Fact]
    public void Lets_a_released_number_rest()
    {
        var range = FreeRange(5);
        var ports = new PortAllocator(range, range + 4);
        var first = ports.Take(null);
        ports.Release(first);
        var next = Enumerable.Range(0, 4).Select(_ => ports.Take(null)).ToArray();
        Assert.DoesNotContain(first, next);
        Assert.Equal(first, ports.Take(null));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("::1")]
    public void Passes_over_numbers_that_others_listen_on(string address)
    {
        var range = FreeRange(2);
        using var other = new TcpListener(IPAddress.Parse(address), range);
        other.Start();
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(range + 1, new PortAllocator(range, range + 1).Take(null));
        }
    }

    [Fact]
    public void Names_who_uses_a_fixed_number()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var number = ((IPEndPoint)other.LocalEndpoint).Port;
        var ports = new PortAllocator(20000, 20010);
        var refusal = Assert.Throws<LaunchException>(() => ports.Take(number));
        var name = File.ReadAllText("/proc/self/comm").Trim();
        Assert.Equal($"port {number} is in use by another process (pid {Environment.ProcessId} {name})", refusal.Message);

        other.Stop();
        Assert.Equal(number, ports.Take(number));
        Assert.Equal($"port {number} is in use by another instance on this node", Assert.Throws<LaunchException>(() => ports.Take(number)).Message);
    }

    [Fact]
    public void A_reclaimed_number_is_not_given_again()
    {
        var range = FreeRange(2);
        var ports = new PortAllocator(range, range + 1);
        ports.Reclaim(range);
        Assert.Equal(range + 1, ports.Take(null));
        Assert.Throws<LaunchException>(() => ports.Take(null));
        ports.Release(range);
        Assert.Equal(range, ports.Take(null));
    }

    private static int FreeRange(int count)
    {
        while (true)
        {
            var first = Random.Shared.Next(10_000, 19_000);
            try
            {
                for (var i = 0; i < count; i++)
                {
                    using var trial = new TcpListener(IPAddress.Any, first + i);
                    trial.Start();
                }

                return first;
            }
            catch (SocketException)
            {
                // Someone uses one of them: another range.
            }
        }
    }
}
