using Quartz;
using Tutti.Model.Manifest;

namespace Tutti.Model.Tests.Manifest;

public sealed class CronSyntaxTests
{
    [Theory]
    [InlineData("0 2 * * *", "2024-03-01T02:00 2024-03-02T02:00")]
    [InlineData("*/20 * * * *", "2024-03-01T00:20 2024-03-01T00:40 2024-03-01T01:00")]
    [InlineData("5/30 9 * * *", "2024-03-01T09:05 2024-03-01T09:35 2024-03-02T09:05")]
    [InlineData("0 0 * * 1", "2024-03-04T00:00 2024-03-11T00:00")]
    [InlineData("0 0 * * 0", "2024-03-03T00:00 2024-03-10T00:00")]
    [InlineData("0 0 * * 7", "2024-03-03T00:00 2024-03-10T00:00")]
    [InlineData("0 0 * * 5-7", "2024-03-02T00:00 2024-03-03T00:00 2024-03-08T00:00")]
    [InlineData("0 0 * * mon-fri", "2024-03-04T00:00 2024-03-05T00:00")]
    [InlineData("0 0 1,15 * *", "2024-03-15T00:00 2024-04-01T00:00")]
    [InlineData("30 6 1 jan *", "2025-01-01T06:30 2026-01-01T06:30")]
    [InlineData("0 0 29 2 *", "2028-02-29T00:00")]
    public void Comes_when_crontab_says(string cron, string times)
    {
        Assert.True(CronSyntax.TryToQuartz(cron, out var quartz, out _));
        var expression = new CronExpression(quartz) { TimeZone = TimeZoneInfo.Utc };
        var at = new DateTimeOffset(2024, 3, 1, 0, 0, 0, TimeSpan.Zero);
        foreach (var time in times.Split(' '))
        {
            at = expression.GetNextValidTimeAfter(at)!.Value;
            Assert.Equal(time, at.ToString("yyyy-MM-ddTHH:mm"));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("* * * *")]
    [InlineData("* * * * * *")]
    [InlineData("@daily")]
    [InlineData("60 * * * *")]
    [InlineData("* 24 * * *")]
    [InlineData("* * 0 * *")]
    [InlineData("* * * 13 *")]
    [InlineData("* * * * 8")]
    [InlineData("5-1 * * * *")]
    [InlineData("*/0 * * * *")]
    [InlineData("1,, * * * *")]
    [InlineData("* * L * *")]
    [InlineData("* * ? * *")]
    [InlineData("-1 * * * *")]
    [InlineData("0 0 30 feb *")]
    public void Refuses(string cron)
    {
        Assert.False(CronSyntax.TryToQuartz(cron, out _, out var fault));
        Assert.NotEmpty(fault);
    }
}
