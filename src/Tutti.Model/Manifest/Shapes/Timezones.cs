using System.Text.RegularExpressions;
using Tutti.Model.Problems;

namespace Tutti.Model.Manifest.Shapes;

/// <summary>Checks time zones against the system's IANA database.</summary>
internal static partial class Timezones
{
    public static string? Fault(string text)
    {
        if (!Form().IsMatch(text))
        {
            return "";
        }

        if (TimeZoneInfo.TryFindSystemTimeZoneById(text, out _))
        {
            return null;
        }

        return TimeZoneInfo.GetSystemTimeZones().Count > 1 ? "" : "this machine has no time zone database; install tzdata";
    }

    public static string? Nearest(string text) => Spelling.Nearest(text, TimeZoneInfo.GetSystemTimeZones().Select(z => z.Id));

    // No dots: an id is looked up as a path under the database's folder.
    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*\z")]
    private static partial Regex Form();
}
