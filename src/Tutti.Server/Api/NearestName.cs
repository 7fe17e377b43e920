namespace Tutti.Server.Api;

/// <summary>Finds what a person probably meant.</summary>
internal static class NearestName
{
    /// <summary><c>; did you mean 'cart'?</c>, or nothing where no name is near.</summary>
    public static string Hint(string found, IEnumerable<string> names)
    {
        var (best, distance) = names
            .Select(name => (Name: name, Distance: Distance(found, name)))
            .DefaultIfEmpty((Name: "", Distance: int.MaxValue))
            .MinBy(candidate => candidate.Distance);
        return distance <= Math.Max(1, Math.Min(found.Length, 63) / 3) ? $"; did you mean '{best}'?" : "";
    }

    /// <summary>Edits (insert, delete, replace, swap neighbours) between two names.</summary>
    /// <remarks>Source: optimal string alignment, after F. J. Damerau, "A technique for computer detection and correction of spelling errors", 1964.</remarks>
    public static int Distance(string a, string b)
    {
        // Names are DNS labels; anything longer is no near miss and not worth quadratic work.
        if (a.Length > 64 || b.Length > 64)
        {
            return int.MaxValue;
        }

        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            rows[i, 0] = i;
        }

        for (var j = 0; j <= b.Length; j++)
        {
            rows[0, j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                var best = Math.Min(replace, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    best = Math.Min(best, rows[i - 2, j - 2] + 1);
                }

                rows[i, j] = best;
            }
        }

        return rows[a.Length, b.Length];
    }
}
