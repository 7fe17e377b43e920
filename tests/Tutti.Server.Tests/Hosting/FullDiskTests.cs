using System.Net;
using Tutti.Control.Commands;
using Tutti.Control.Loop;
using Tutti.Server.Tests.Fakes;

namespace Tutti.Server.Tests.Hosting;

public sealed class FullDiskTests
{
    private static readonly TimeSpan _deadline = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_full_disk_is_named_keeps_what_there_is_and_is_got_over()
    {
        using var disk = new SmallDisk(mebibytes: 8);
        await using (var host = await StartAsync(disk))
        {
            Assert.True((await host.Loop.SubmitAsync(new ApplyManifest(Shop.Spec, "ann", "before"))).Accepted);
            disk.Fill();
            var refusal = await FillTheStoreAsync(host);
            Assert.Contains("no room: either the store has reached its bound (StoreBytes) or the disk is full", refusal);
            Assert.Contains("bytes are free there", refusal);
            Assert.False(host.Completion.IsCompleted);
            Assert.Equal(HttpStatusCode.OK, (await Http.GetAsync($"{host.Url}/api/architectures/shop/services")).StatusCode);
            Assert.Equal((HttpStatusCode)507, await SendBlobAsync(host));

            disk.Free();
            await RecoversAsync(host);
        }

        await using var again = await StartAsync(disk);
        again.Loop.View.Read((state, _) =>
        {
            Assert.Equal("after", state.Set("shop", state.Architectures.Find("shop")!.CurrentSet)!.Message);
            return true;
        });
    }

    private static HttpClient Http { get; } = new();

    private static Task<ServerHost> StartAsync(SmallDisk disk) =>
        ServerHost.StartAsync(new ServerOptions { DataFolder = Path.Combine(disk.Path, "data"), Listen = "http://127.0.0.1:0", Dns = null });

    /// <summary>Changes until one is not taken: a few still fit into the pages that the store has already.</summary>
    private static async Task<string> FillTheStoreAsync(ServerHost host)
    {
        using var late = new CancellationTokenSource(_deadline);
        for (var number = 1; ; number++)
        {
            try
            {
                await host.Loop.SubmitAsync(new ScaleService("shop", "web", number, number, "ann"), late.Token);
            }
            catch (LoopUnavailableException refused)
            {
                return refused.Message;
            }
        }
    }

    private static async Task RecoversAsync(ServerHost host)
    {
        using var late = new CancellationTokenSource(_deadline);
        while (true)
        {
            try
            {
                Assert.True((await host.Loop.SubmitAsync(new ApplyManifest(Shop.Spec with { Services = Shop.Spec.Services.Remove("tax").SetItem("web", Shop.Service("1.3.0", 1)) }, "ann", "after"), late.Token)).Accepted);
                return;
            }
            catch (LoopUnavailableException)
            {
                // It tries by itself, at ever longer intervals.
                await Task.Delay(TimeSpan.FromMilliseconds(100), late.Token);
            }
        }
    }

    private static async Task<HttpStatusCode> SendBlobAsync(ServerHost host)
    {
        var content = new byte[256 * 1024];
        var digest = "sha256:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content));
        using var request = new HttpRequestMessage(HttpMethod.Put, $"{host.Url}/api/blobs/{digest}") { Content = new ByteArrayContent(content) };
        request.Headers.Authorization = new("Bearer", host.Token);
        using var response = await Http.SendAsync(request);
        return response.StatusCode;
    }
}
