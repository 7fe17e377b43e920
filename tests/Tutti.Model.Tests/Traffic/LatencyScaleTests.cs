using System.Text.Json;
using FsCheck.Xunit;
using Tutti.Model.Agents;
using Tutti.Model.Traffic;
using Tutti.Model.Versions;

namespace Tutti.Model.Tests.Traffic;

public sealed class LatencyScaleTests
{
    [Fact]
    public void Every_bucket_begins_where_the_one_before_ends()
    {
        for (var bucket = 1; bucket < LatencyScale.Buckets; bucket++)
        {
            var lowest = LatencyScale.LowestOf(bucket);
            Assert.Equal(bucket, LatencyScale.BucketOf(lowest));
            Assert.Equal(bucket - 1, LatencyScale.BucketOf(lowest - 1));
        }

        Assert.Equal(0, LatencyScale.BucketOf(-1));
        Assert.Equal(LatencyScale.Buckets - 1, LatencyScale.BucketOf(long.MaxValue));
    }

    [Property]
    public bool The_middle_of_a_bucket_is_off_by_no_more_than_is_said(int microseconds)
    {
        var duration = Math.Abs((long)microseconds);
        return Math.Abs(LatencyScale.MiddleOf(LatencyScale.BucketOf(duration)) - duration) <= duration / 17.0;
    }

    [Fact]
    public void A_report_without_traffic_reads_as_before_and_one_with_it_comes_back()
    {
        var old = JsonSerializer.Deserialize<NodeReport>("""{"session":"s","sequence":1}""", TuttiJson.Options)!;
        Assert.Empty(old.Traffic);
        var report = old with
        {
            Traffic = [new UpstreamTraffic
            {
                Consumer = "shop/web-1", Provider = "cart", Version = ReleaseVersion.Parse("2.2.0"), Requests = 3, Latency = [new LatencyCount(7, 2), new LatencyCount(90, 1)],
            }],
        };
        var back = JsonSerializer.Deserialize<NodeReport>(JsonSerializer.Serialize(report, TuttiJson.Options), TuttiJson.Options)!.Traffic.Single();
        Assert.Equal(("shop/web-1", "cart", "2.2.0", 3), (back.Consumer, back.Provider, back.Version!.ToString(), back.Requests));
        Assert.Equal([new LatencyCount(7, 2), new LatencyCount(90, 1)], back.Latency);
    }
}
