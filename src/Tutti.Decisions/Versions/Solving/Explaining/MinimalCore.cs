using Tutti.Decisions.Versions.Solving.Grounding;

namespace Tutti.Decisions.Versions.Solving.Explaining;

/// <summary>Leaves out facts until none can be left out any more.</summary>
/// <remarks>
/// Source: deletion with refinement by the core of each failed attempt, in pieces that get smaller (Marques-Silva, "Minimal unsatisfiability: models, algorithms and applications", 2010;
/// the pieces as in QuickXplain, Junker, AAAI 2004). Accepts-ranges go first, while everything else that was asked holds: so the ranges that stay are minimal for the whole
/// question, and not only beside the other facts that are named.
/// </remarks>
internal static class MinimalCore
{
    public static List<Fact> Of(Problem problem, List<Fact> contradicting)
    {
        var needs = contradicting.Where(f => f.Kind == FactKind.Need).ToList();
        var services = needs.Select(f => f.Service).Concat(needs.Select(f => problem.NumberOf(NeedOf(problem, f).Service))).Concat(contradicting.Select(f => f.Service)).Distinct();
        var alone = services.SelectMany(problem.AloneOn).Select(a => a.Fact).Where(f => f.Kind != FactKind.Need).ToList();
        needs = Minimized(problem, needs, alone);
        var named = contradicting.Where(f => f.Kind != FactKind.Need).ToList();
        named = Contradiction.Among(problem, [.. needs, .. named])?.Where(f => f.Kind != FactKind.Need).ToList() ?? alone;
        return [.. Minimized(problem, named, needs), .. needs];
    }

    private static Need NeedOf(Problem problem, Fact fact) => problem.ShelfOf(fact.Service).Releases[fact.Value - 1].Needs[fact.Need];

    private static List<Fact> Minimized(Problem problem, List<Fact> facts, List<Fact> others)
    {
        var kind = others.ToHashSet();
        for (var size = Math.Max(1, facts.Count / 4); ; size = Math.Max(1, size / 4))
        {
            for (var at = 0; at < facts.Count;)
            {
                var left = facts.Where((_, i) => i < at || i >= at + size);
                if (Contradiction.Among(problem, [.. left, .. others]) is { } core)
                {
                    // What comes before this place is known to be needed at this size, and stays in place.
                    var kept = core.Where(f => !kind.Contains(f)).ToHashSet();
                    at = facts.Take(at).Count(kept.Contains);
                    facts = [.. facts.Where(kept.Contains)];
                }
                else
                {
                    at += size;
                }
            }

            if (size == 1)
            {
                return facts;
            }
        }
    }
}
