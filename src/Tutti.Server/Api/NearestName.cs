using Tutti.Model.Problems;

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

    /// <summary>Edits between two names. Names are DNS labels; anything longer is no near miss and not worth quadratic work.</summary>
    public static int Distance(string a, string b) => a.Length > 64 || b.Length > 64 ? int.MaxValue : Spelling.Distance(a, b);
}
