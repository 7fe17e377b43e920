using Tutti.Node.Probes;
using Tutti.Node.Tests.Instances;
using Tutti.Node.Tests.Runtimes;

namespace Tutti.Node.Tests.Probes;

public sealed class BeatsTests
{
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(500);

    private readonly ManualTime _time = new();

    [Fact]
    public async Task Who_waits_for_the_same_interval_goes_on_together_however_late_he_came()
    {
        var beats = new Beats(_time);
        var early = beats.NextAsync(_interval, CancellationToken.None);
        _time.Advance(TimeSpan.FromMilliseconds(300));
        var late = beats.NextAsync(_interval, CancellationToken.None);
        _time.Advance(TimeSpan.FromMilliseconds(199));
        Assert.False(early.IsCompleted || late.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await Task.WhenAll(early, late).Soon();
    }

    [Fact]
    public async Task Nobody_waits_longer_than_his_interval()
    {
        var beats = new Beats(_time);
        for (var came = 0; came < 40; came++)
        {
            var wait = beats.NextAsync(_interval, CancellationToken.None);
            _time.Advance(_interval);
            await wait.Soon();
            _time.Advance(TimeSpan.FromMilliseconds(37));
        }
    }

    [Fact]
    public async Task Longer_intervals_fall_on_beats_of_the_shorter()
    {
        var beats = new Beats(_time);
        _time.Advance(TimeSpan.FromMilliseconds(750));
        var (shorter, longer) = (beats.NextAsync(_interval, CancellationToken.None), beats.NextAsync(_interval * 2, CancellationToken.None));
        _time.Advance(TimeSpan.FromMilliseconds(250));
        await Task.WhenAll(shorter, longer).Soon();
    }

    [Fact]
    public async Task Many_share_a_beat_and_one_who_leaves_takes_nobody_with_him()
    {
        var beats = new Beats(_time);
        using var leaves = new CancellationTokenSource();
        var gone = beats.NextAsync(_interval, leaves.Token);
        var rest = Enumerable.Range(0, 100).Select(_ => beats.NextAsync(_interval, CancellationToken.None)).ToList();
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone.Soon());
        _time.Advance(_interval);
        await Task.WhenAll(rest).Soon();
    }
}
