namespace Tutti.Decisions.Transitions;

/// <summary>What makes a question unanswerable before any order is looked for.</summary>
internal static class TargetCheck
{
    /// <exception cref="ArgumentException">Lists every problem, one a line.</exception>
    public static void Check(TransitionQuestion question)
    {
        var target = new Dictionary<string, Side>(StringComparer.Ordinal);
        var problems = new List<string>();
        foreach (var side in question.Target)
        {
            if (!target.TryAdd(side.Service, side))
            {
                problems.Add($"the target has {side.Service} twice, {target[side.Service].Version} and {side.Version}: keep one of them");
            }
        }

        foreach (var twice in question.Live.GroupBy(side => (side.Service, side.Version)).Where(same => same.Count() > 1))
        {
            problems.Add($"{twice.Key.Service} {twice.Key.Version} is live twice: give one side with all its instances");
        }

        foreach (var side in question.Target)
        {
            foreach (var need in side.Needs.Where(need => need.Service != side.Service))
            {
                if (target.TryGetValue(need.Service, out var provider))
                {
                    if (!need.Range.Accepts(provider.Version))
                    {
                        problems.Add($"{side.Service} {side.Version} accepts {need.Service} {need.Range}, but the target has {need.Service} {provider.Version}: move one of them");
                    }
                }
                else if (!need.Optional)
                {
                    problems.Add($"{side.Service} {side.Version} needs {need.Service} {need.Range}, which the target does not have: add it, or leave {side.Service} out");
                }
            }
        }

        if (problems.Count > 0)
        {
            throw new ArgumentException(string.Join('\n', problems.Order(StringComparer.Ordinal)));
        }
    }
}
