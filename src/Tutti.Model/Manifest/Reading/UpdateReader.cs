using System.Collections.Immutable;
using Tutti.Model.Manifest.Shapes;

namespace Tutti.Model.Manifest.Reading;

/// <summary>Reads <c>update</c> in its three spellings: <c>strategy: canary</c> with steps beside it, <c>canary: {...}</c>, and <c>strategy: {canary: {...}}</c>.</summary>
internal static class UpdateReader
{
    private static readonly UpdateSpec _default = new();

    public static UpdateSpec Read(SectionView update)
    {
        var canary = CanaryOf(update);
        var isCanary = canary is not null || update.Text("strategy") == "canary";
        var steps = canary ?? update;
        return new UpdateSpec
        {
            Strategy = isCanary ? UpdateStrategy.Canary : update.Choice("strategy", _default.Strategy),
            MaxSurge = update.Number("maxSurge", _default.MaxSurge),
            MaxUnavailable = update.Number("maxUnavailable", _default.MaxUnavailable),
            MinHealthyTime = update.Duration("minHealthyTime", _default.MinHealthyTime),
            Deadline = update.Duration("deadline", _default.Deadline),
            AutoRollback = update.Flag("autoRollback", _default.AutoRollback),
            Steps = isCanary ? ReadSteps(steps) : [],
            Hold = isCanary ? steps.Duration("hold", _default.Hold) : _default.Hold,
        };
    }

    private static SectionView? CanaryOf(SectionView update) =>
        update.IsMap("strategy") ? update.Section("strategy").Section("canary")
        : update.Has("canary") ? update.Section("canary")
        : null;

    private static ImmutableArray<int> ReadSteps(SectionView canary) =>
        [.. canary.Texts("steps").Select(s => TextForms.TryPercent(s, out var percent) ? percent : 0).Where(p => p > 0)];
}
