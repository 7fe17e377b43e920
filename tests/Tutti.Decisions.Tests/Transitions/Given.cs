using System.Collections.Immutable;
using Tutti.Decisions.Transitions;
using Tutti.Decisions.Versions.Solving;
using Tutti.Model.Versions;

namespace Tutti.Decisions.Tests.Transitions;

/// <summary>Questions and plans in few words.</summary>
internal static class Given
{
    /// <summary>A side: <c>web 1.2.0</c>, and what it needs: <c>cart &gt;=2.2 &lt;3</c>, or <c>tax? *</c> where it can do without.</summary>
    public static Side Side(string release, params string[] needs)
    {
        var words = release.Split(' ');
        return new Side { Service = words[0], Version = ReleaseVersion.Parse(words[1]), Needs = [.. needs.Select(Need)], Instances = 2 };
    }

    public static Side Pet(string release, params string[] needs) => Side(release, needs) with { Pet = true, Instances = 1 };

    public static Side Partly(this Side side, int instances = 1) => side with { Whole = false, Instances = instances };

    public static Side Times(this Side side, int instances) => side with { Instances = instances };

    public static TransitionPlan Plan(Side[] live, Side[] target) => TransitionPlanner.Plan(new TransitionQuestion { Live = [.. live], Target = [.. target] });

    /// <summary>A line for every event: its number, what it is, and what it waits for.</summary>
    public static string Text(TransitionPlan plan) => string.Join('\n',
    [
        .. plan.Waves.SelectMany((wave, number) => wave.Select(index => $"{number + 1}: {Text(plan, plan.Events[index])}")),
        .. plan.Gaps.Select(gap => $"gap: {gap.Service} {gap.From} to {gap.To} for {(gap.Consumers.IsEmpty ? "nobody" : string.Join(", ", gap.Consumers))} ({gap.Because})"),
    ]);

    private static string Text(TransitionPlan plan, TransitionEvent one)
    {
        var waits = one.After.Select(wait => $"\n     after {Name(plan.Events[wait.Event])} ({wait.Because})");
        return $"{Name(one)}{(one.Rolls ? ", rolling" : "")} ({one.Because}){string.Concat(waits)}";
    }

    public static string Name(TransitionEvent one) => $"{(one.Kind == TransitionEventKind.Start ? "start" : "retire")} {one.Service} {one.Version}";

    private static Need Need(string text)
    {
        var (name, range) = (text[..text.IndexOf(' ')], text[(text.IndexOf(' ') + 1)..]);
        return new Need(name.TrimEnd('?'), VersionRange.Parse(range), name.EndsWith('?'));
    }
}
