using FsCheck.Xunit;
using Tutti.Model.Versions;

namespace Tutti.Model.Tests.Versions;

[Properties(Arbitrary = [typeof(VersionArbitrary)], MaxTest = 2000)]
public sealed class VersionRangeProperties
{
    [Property]
    public void A_caret_keeps_the_leftmost_number_that_is_not_zero(ReleaseVersion low, ReleaseVersion version)
    {
        var keeps = low.Major != 0 ? version.Major == low.Major
            : low.Minor != 0 ? version.Major == 0 && version.Minor == low.Minor
            : version.Major == 0 && version.Minor == 0 && version.Patch == low.Patch;

        Assert.Equal(keeps && version.CompareTo(low) >= 0 && MayBePrerelease(version, low), VersionRange.Parse($"^{low}").Accepts(version));
    }

    [Property]
    public void A_tilde_keeps_major_and_minor(ReleaseVersion low, ReleaseVersion version)
    {
        var keeps = version.Major == low.Major && version.Minor == low.Minor;

        Assert.Equal(keeps && version.CompareTo(low) >= 0 && MayBePrerelease(version, low), VersionRange.Parse($"~{low}").Accepts(version));
    }

    [Property]
    public void Short_forms_mean_their_comparators(ReleaseVersion v, ReleaseVersion version)
    {
        var (major, minor) = (v.Major, v.Minor);
        AssertSame($"{major}", $">={major}.0.0 <{major + 1}.0.0-0", version);
        AssertSame($"{major}.{minor}.x", $">={major}.{minor}.0 <{major}.{minor + 1}.0-0", version);
        AssertSame($"~{major}", $">={major}.0.0 <{major + 1}.0.0-0", version);
        AssertSame($"^{major}.x", $">={major}.0.0 <{major + 1}.0.0-0", version);
        AssertSame($"~{v}", $">={v} <{major}.{minor + 1}.0-0", version);
        AssertSame($">{major}", $">={major + 1}.0.0", version);
        AssertSame($"<={major}.{minor}", $"<{major}.{minor + 1}.0-0", version);
        AssertSame($"<{major}.{minor}", $"<{major}.{minor}.0-0", version);
        AssertSame($"{v} - {major}.{minor}", $">={v} <{major}.{minor + 1}.0-0", version);
        AssertSame($"{major} - {v}", $">={major}.0.0 <={v}", version);
    }

    [Property]
    public void Alternatives_accept_what_one_of_them_accepts(ReleaseVersion a, ReleaseVersion b, ReleaseVersion version) =>
        Assert.Equal(
            VersionRange.Parse($"^{a}").Accepts(version) || VersionRange.Parse($"<{b}").Accepts(version),
            VersionRange.Parse($"^{a} || <{b}").Accepts(version));

    [Property]
    public void Comparators_of_releases_compare(ReleaseVersion bound, ReleaseVersion version)
    {
        var order = version.CompareTo(bound);
        var may = MayBePrerelease(version, bound);
        Assert.Equal(may && order > 0, VersionRange.Parse($">{bound}").Accepts(version));
        Assert.Equal(may && order >= 0, VersionRange.Parse($">={bound}").Accepts(version));
        Assert.Equal(may && order < 0, VersionRange.Parse($"<{bound}").Accepts(version));
        Assert.Equal(may && order <= 0, VersionRange.Parse($"<={bound}").Accepts(version));
        Assert.Equal(order == 0, VersionRange.Parse($"{bound}").Accepts(version));
    }

    [Property]
    public void Any_text_is_read_or_refused(string? text) => VersionRange.TryParse(text, out _);

    private static bool MayBePrerelease(ReleaseVersion version, ReleaseVersion named) =>
        !version.IsPrerelease || (named.IsPrerelease && (named.Major, named.Minor, named.Patch) == (version.Major, version.Minor, version.Patch));

    private static void AssertSame(string range, string comparators, ReleaseVersion version) =>
        Assert.True(VersionRange.Parse(range).Accepts(version) == VersionRange.Parse(comparators).Accepts(version), $"{range} is {comparators}, also for {version}");
}
