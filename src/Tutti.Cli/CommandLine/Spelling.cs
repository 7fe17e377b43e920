namespace Tutti.Cli.CommandLine;

/// <summary>Finds what a misspelt name was meant to be.</summary>
internal static class Spelling
{
    /// <summary>The candidate with the fewest edits, where they are at most a third of the name (and at least one); else null.</summary>
    public static string? Nearest(string name, IEnumerable<string> candidates)
    {
        var limit = Math.Max(1, (name.Length + 1) / 3);
        return candidates
            .Select(candidate => (Candidate: candidate, Edits: Edits(name, candidate)))
            .Where(pair => pair.Edits <= limit)
            .OrderBy(pair => pair.Edits)
            .ThenBy(pair => pair.Candidate, StringComparer.Ordinal)
            .Select(pair => pair.Candidate)
            .FirstOrDefault();
    }

    // Optimal string alignment: insert, delete, replace, swap of neighbours (Damerau 1964, Levenshtein 1966).
    private static int Edits(string a, string b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    table[i, j] = i + j;
                    continue;
                }

                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                var best = Math.Min(Math.Min(table[i - 1, j] + 1, table[i, j - 1] + 1), table[i - 1, j - 1] + cost);
                var swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                table[i, j] = swapped ? Math.Min(best, table[i - 2, j - 2] + 1) : best;
            }
        }

        return table[a.Length, b.Length];
    }
}
