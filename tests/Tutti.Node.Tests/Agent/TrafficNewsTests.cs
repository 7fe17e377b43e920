using System.Collections.Immutable;
using Tutti.Model.Traffic;
using Tutti.Node.Agent;

namespace Tutti.Node.Tests.Agent;

public sealed class TrafficNewsTests
{
    [Fact]
    public void Tells_what_has_changed_since_the_server_took_it()
    {
        ImmutableArray<UpstreamTraffic> now = [Of("a", 1), Of("b", 1)];
        var news = new TrafficNews(() => now);
        var first = news.Next(anew: false);
        Assert.Equal(["a 1", "b 1"], Told(first));
        Assert.Equal(["a 1", "b 1"], Told(news.Next(anew: false))); // It was not taken.
        news.Taken(first);
        Assert.Empty(news.Next(anew: false));

        now = [Of("a", 1), Of("b", 2), Of("c", 1)];
        var second = news.Next(anew: false);
        Assert.Equal(["c 1", "b 2"], Told(second));
        news.Taken(second);
        var third = news.Next(anew: true);
        Assert.Equal(["a 1", "b 2", "c 1"], Told(third).Order());
        news.Taken(third);

        now = [Of("b", 2)];
        Assert.Empty(news.Next(anew: false));
        now = [Of("a", 1), Of("b", 2)];
        Assert.Equal(["a 1"], Told(news.Next(anew: false))); // Gone and back: it is told again.
    }

    [Fact]
    public void Tells_the_rest_another_time_where_there_is_too_much()
    {
        ImmutableArray<UpstreamTraffic> now = [.. Enumerable.Range(0, TrafficNews.Most + 10).Select(i => Of($"{i}", 1))];
        var news = new TrafficNews(() => now);
        var first = news.Next(anew: false);
        Assert.Equal(TrafficNews.Most, first.Length);
        news.Taken(first);
        now = [.. now.Select(t => t with { Requests = 2 })];
        var second = news.Next(anew: false);
        Assert.Equal(TrafficNews.Most, second.Length);
        Assert.Equal(TrafficNews.Most + 10, first.Concat(second).Select(t => t.Consumer).Distinct().Count());
    }

    private static UpstreamTraffic Of(string consumer, long requests) => new()
    {
        Consumer = consumer,
        Provider = "cart",
        Requests = requests,
        Latency = [new LatencyCount(3, requests)],
    };

    private static IEnumerable<string> Told(ImmutableArray<UpstreamTraffic> traffic) => traffic.Select(t => $"{t.Consumer} {t.Requests}");
}
