using Tutti.EndToEnd.Sites;
using Tutti.Model.Lifecycle;
using Tutti.Server.Api;

namespace Tutti.EndToEnd;

[Collection(RunningShopTests.Name)]
public sealed class UpTests(RunningShop shop) : RunningShopTest(shop)
{
    [Fact]
    public async Task Every_service_runs_and_purchases_succeed()
    {
        var services = (await Site.RunAsync("ps", "-o", "json")).Json<ServiceDocument[]>();
        Assert.Equal(SiteChecks.ServicesOfShop, services.Length);
        Assert.All(services, service =>
        {
            Assert.Equal(ServiceStatus.Run, service.Status);
            Assert.Equal(ServiceHealth.Healthy, service.Health);
            Assert.Equal(service.Desired, service.Healthy);
        });
        await Site.SellsAsync();
        var web = await Site.Api.InRunAsync("web");
        Assert.Equal(2, web.Length);
        Assert.True(Api.Number(await Site.Api.StatsAsync("ledger"), "entries") > 0);
    }

    [Fact]
    public async Task A_second_up_on_the_same_data_is_refused_naming_the_first_ones_pid()
    {
        var pids = await Site.PidsAsync();
        var second = await Site.RunAsync("up", Path.Combine(Site.Root, "architecture.yaml"), "--listen", "http://127.0.0.1:0", "--dns", "off");
        Assert.Contains($"{Up.Pid}", second.Expect(1).Error);
        Assert.Equal(pids, await Site.PidsAsync());
    }

    [Fact]
    public async Task Bad_input_and_no_server_have_their_exit_codes()
    {
        (await Site.RunAsync("scale", "crat", "2")).Expect(2);
        (await Site.RunAsync("ps", "--server", $"127.0.0.1:{Site.FreePort()}")).Expect(3);
    }

    [Fact]
    public async Task Dns_and_http_discovery_agree_with_the_instances()
    {
        var dns = Site.Server().Dns!;
        foreach (var service in await Site.Api.ServicesAsync())
        {
            var instances = (await Site.RunAsync("instances", service.Service, "-o", "json")).Json<InstanceDocument[]>();
            var ports = instances.Select(each => each.Ports["http"]).Order().ToArray();
            Assert.All(instances, each => Assert.Equal(InstancePhase.Run, each.Phase));
            Assert.Equal(service.Desired, ports.Length);
            Assert.Equal(ports, (await Site.Api.EndpointsAsync(service.Service)).Select(each => each.Number).Order());
            Assert.Equal(ports, await DnsQuestion.PortsAsync(dns, $"_http._tcp.{service.Service}.shop.tutti"));
            Assert.Equal(["127.0.0.1"], await DnsQuestion.AddressesAsync(dns, $"{service.Service}.shop.tutti"));
        }

        Assert.Empty(await DnsQuestion.AddressesAsync(dns, "nobody.shop.tutti"));
    }
}
