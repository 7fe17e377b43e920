using System.Diagnostics.CodeAnalysis;
using Tutti.Model.Versions;

namespace Tutti.Cli.Solve.Reading;

/// <summary>Names, versions and ranges of a file: each spelling is looked at once.</summary>
internal sealed class Forms(Walk walk)
{
    public const string Version = "a version such as 1.2.0 (SemVer 2)";
    public const string Range = "a version range such as >=2.2 <3, ^1 or ~1.4";
    public const string Name = "the name of a service";

    private const int LongestName = 253;

    private readonly Dictionary<string, ReleaseVersion?> _versions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, VersionRange?> _ranges = new(StringComparer.Ordinal);

    /// <summary>Reads the current value as a range.</summary>
    public bool TryRange([NotNullWhen(true)] out VersionRange? range, string expected = Range)
    {
        var mark = walk.Mark;
        range = null;
        return walk.TryText(expected, out var text) && TryRange(text, mark, out range, expected);
    }

    public bool TryRange(string text, Mark mark, [NotNullWhen(true)] out VersionRange? range, string expected = Range)
    {
        if (!_ranges.TryGetValue(text, out range))
        {
            VersionRange.TryParse(text, out range);
            _ranges.Add(text, range);
        }

        if (range is null)
        {
            walk.SayForm(mark, "bad-range", text, expected, NearestRange(text));
        }

        return range is not null;
    }

    public bool TryVersion(string text, Mark mark, [NotNullWhen(true)] out ReleaseVersion? version)
    {
        if (!IsVersion(text, out version))
        {
            walk.SayForm(mark, "bad-version", text, Version, NearestVersion(text));
        }

        return version is not null;
    }

    /// <summary>The same for the last key.</summary>
    public bool TryVersionKey(string text, [NotNullWhen(true)] out ReleaseVersion? version)
    {
        if (!IsVersion(text, out version))
        {
            var nearest = NearestVersion(text);
            walk.Say(walk.KeyMark, "bad-version", $"{walk.Path} must be {Version}{(nearest is null ? "" : $"; did you mean '{nearest}'?")}", nearest);
        }

        return version is not null;
    }

    public bool IsName(string text, Mark mark)
    {
        var fits = !string.IsNullOrWhiteSpace(text) && text.Length <= LongestName && !text.Any(char.IsControl);
        if (!fits)
        {
            walk.Say(mark, "bad-name", $"'{Walk.Shown(text)}' stands for {Name}, but must be text of one line with at most {LongestName} characters, not blank");
        }

        return fits;
    }

    private bool IsVersion(string text, [NotNullWhen(true)] out ReleaseVersion? version)
    {
        if (!_versions.TryGetValue(text, out version))
        {
            ReleaseVersion.TryParse(text, out version);
            _versions.Add(text, version);
        }

        return version is not null;
    }

    private static string? NearestVersion(string text)
    {
        var bare = text.Trim().TrimStart('v', 'V', '=');
        return new[] { bare, bare + ".0", bare + ".0.0" }.FirstOrDefault(version => ReleaseVersion.TryParse(version, out _));
    }

    private static string? NearestRange(string text)
    {
        string[] candidates =
        [
            text.Replace("==", "="),
            text.Replace("=>", ">=").Replace("=<", "<="),
            text.Replace(",", " "),
            text.Replace("&&", " "),
            text.Replace(" or ", " || ").Replace(" and ", " "),
        ];
        return candidates.FirstOrDefault(range => range != text && VersionRange.TryParse(range, out _));
    }
}
