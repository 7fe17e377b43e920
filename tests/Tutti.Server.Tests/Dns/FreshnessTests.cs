using System.Diagnostics;
using Tutti.Control.State;
using Tutti.Model.Lifecycle;

namespace Tutti.Server.Tests.Dns;

/// <summary>Answers follow the committed state.</summary>
public sealed class FreshnessTests
{
    [Fact]
    public async Task An_instance_comes_moves_and_goes()
    {
        await using var shop = ShopView.Started();
        Assert.Empty((await DnsClient.AskAsync(shop.Dns, "cart.shop.tutti", DnsClient.A)).Answers);

        shop.Commit(ShopView.Cart("cart-a", "n1"));
        await shop.EventuallyAsync("cart.shop.tutti", DnsClient.A, reply => reply.Data(DnsClient.A).SequenceEqual(["10.0.0.1"]));

        shop.Commit(ShopView.Node("n1", "10.0.0.7"));
        await shop.EventuallyAsync("cart.shop.tutti", DnsClient.A, reply => reply.Data(DnsClient.A).SequenceEqual(["10.0.0.7"]));

        shop.Commit(ShopView.Cart("cart-a", "n1", 20555));
        await shop.EventuallyAsync("cart.shop.tutti", DnsClient.Srv, reply => reply.Data(DnsClient.Srv).SequenceEqual(["0 1 20555 cart-a.cart.shop.tutti."]));

        shop.Commit(ShopView.Cart("cart-a", phase: InstancePhase.Failed));
        var gone = await shop.EventuallyAsync("cart.shop.tutti", DnsClient.A, reply => reply.Answers.Count == 0);
        Assert.Equal(0, gone.Code);
        await shop.EventuallyAsync("cart-a.cart.shop.tutti", DnsClient.A, reply => reply.Code == 3);
    }

    [Fact]
    public async Task A_deleted_instance_is_forgotten()
    {
        await using var shop = ShopView.Started();
        var cart = ShopView.Cart("cart-a");
        shop.Commit(cart);
        await shop.EventuallyAsync("cart-a.cart.shop.tutti", DnsClient.A, reply => reply.Answers.Count == 1);
        shop.Remove(cart);
        await shop.EventuallyAsync("cart-a.cart.shop.tutti", DnsClient.A, reply => reply.Code == 3);
    }

    [Fact]
    public async Task A_new_set_declares_and_drops_services()
    {
        await using var shop = ShopView.Started();
        Assert.Equal(0, (await DnsClient.AskAsync(shop.Dns, "idle.shop.tutti", DnsClient.A)).Code);

        shop.Commit(ShopView.Set(2, ShopView.Spec("cart", "http"), ShopView.Spec("fresh", "http")), new Architecture { Name = "shop", CurrentSet = 2, LastSet = 2 });
        await shop.EventuallyAsync("fresh.shop.tutti", DnsClient.A, reply => reply.Code == 0);
        Assert.Equal(3, (await DnsClient.AskAsync(shop.Dns, "idle.shop.tutti", DnsClient.A)).Code);

        shop.Commit(new Architecture { Name = "shop", CurrentSet = 2, LastSet = 2, Destroyed = true });
        await shop.EventuallyAsync("shop.tutti", DnsClient.A, reply => reply.Code == 3);
    }

    [Fact]
    public async Task What_is_committed_before_the_start_is_in_the_first_answer()
    {
        await using var shop = ShopView.Started();
        shop.Commit(ShopView.Cart("cart-a"));
        var reply = await DnsClient.AskAsync(shop.Dns, "cart.shop.tutti", DnsClient.A);
        Assert.Single(reply.Answers);
        Assert.Equal(DnsClient.A, reply.Answers[0].Type);
    }

    [Fact]
    public async Task A_change_is_visible_within_milliseconds()
    {
        await using var shop = ShopView.Started();
        var elapsed = new List<double>();
        for (var i = 1; i <= 300; i++)
        {
            var expected = $"0 1 {i} cart-a.cart.shop.tutti.";
            var began = Stopwatch.GetTimestamp();
            shop.Commit(ShopView.Cart("cart-a", "n1", i));
            await shop.EventuallyAsync("cart.shop.tutti", DnsClient.Srv, reply => reply.Data(DnsClient.Srv).SequenceEqual([expected]));
            elapsed.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        elapsed.Sort();
        TestContext.Current.TestOutputHelper?.WriteLine($"commit to answer: median {elapsed[150]:F2} ms, p99 {elapsed[297]:F2} ms");
        Assert.True(elapsed[150] < 50, $"median {elapsed[150]:F2} ms"); // the median, since the machine of a test may be busy
    }

    [Fact]
    public async Task A_feed_that_falls_behind_reads_afresh()
    {
        // A queue of one: commits made faster than the feed reads end its watch again and again.
        await using var shop = ShopView.Started(watcherQueue: 1);
        _ = shop.Dns;
        for (var i = 0; i < 2000; i++)
        {
            shop.Commit(ShopView.Cart("cart-a", "n1", 1 + i));
        }

        await shop.EventuallyAsync("cart.shop.tutti", DnsClient.Srv, reply => reply.Data(DnsClient.Srv).SequenceEqual(["0 1 2000 cart-a.cart.shop.tutti."]));
        var soa = await DnsClient.AskAsync(shop.Dns, "tutti", DnsClient.Soa);
        Assert.Contains(" 2001 ", soa.Answers.Single().Data);
    }
}
