namespace Tutti.Cli.CommandLine;

/// <summary>Finds what a misspelt name was meant to be.</summary>
internal static class Spelling
{
    /// <summary>The candidate with the fewest edits, where they are at most a third of the name (and at least one); else null.</summary>
    public static string? Nearest(string name, IEnumerable<string> candidates)
    {
        var limit = Math.Max(1, (name.Length + 1) / 3);
        return candidates
            .Select(candidate => (Candidate: candidate, Edits: Model.Problems.Spelling.Distance(name, candidate)))
            .Where(pair => pair.Edits <= limit)
            .OrderBy(pair => pair.Edits)
            .ThenBy(pair => pair.Candidate, StringComparer.Ordinal)
            .Select(pair => pair.Candidate)
            .FirstOrDefault();
    }
}
