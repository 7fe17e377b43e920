using Tutti.Server.Api;
using Tutti.Server.Tests.Fakes;

namespace Tutti.Server.Tests.Status;

public sealed class StatusTests
{
    [Fact]
    public async Task Says_what_it_is()
    {
        await using var server = await TestServer.StartWithAsync(o => o with { Dns = "127.0.0.1:8600" }, Shop.Running());
        var status = await server.GetAsync<StatusDocument>("api/status");
        Assert.Equal(("0.1.0", "cluster-1", Environment.ProcessId, 1L, "127.0.0.1:8600"), (status.Version, status.ClusterId, status.Pid, status.Revision, status.Dns));
    }
}
