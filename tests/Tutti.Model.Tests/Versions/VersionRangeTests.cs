using Tutti.Model.Versions;

namespace Tutti.Model.Tests.Versions;

/// <summary>The examples of node-semver's README and the corners around them.</summary>
public sealed class VersionRangeTests
{
    [Theory]
    // Comparators.
    [InlineData("1.2.3", "1.2.3", "1.2.4 1.2.2 1.2.3-rc.1")]
    [InlineData("=1.2.3", "1.2.3 1.2.3+build", "1.2.4")]
    [InlineData("v1.2.3", "1.2.3", "1.2.4")]
    [InlineData(">1.2.3", "1.2.4 2.0.0", "1.2.3 1.2.4-rc.1")]
    [InlineData(">=1.2.7", "1.2.7 1.2.8 2.5.3 1.3.9", "1.2.6 1.1.0")]
    [InlineData("<2.0.0", "1.9.9 0.0.0", "2.0.0 2.0.0-rc.1 1.9.9-rc.1")]
    [InlineData("<=2.0.0", "2.0.0 1.0.0", "2.0.1")]
    [InlineData(">=1.2.7 <1.3.0", "1.2.7 1.2.8 1.2.99", "1.2.6 1.3.0 1.1.0")]
    [InlineData("1.2.7 || >=1.2.9 <2.0.0", "1.2.7 1.2.9 1.4.6", "1.2.8 2.0.0")]
    [InlineData(">= 1.2.3 < 2", "1.2.3 1.9.0", "2.0.0 1.2.2")]
    [InlineData("  >=1.2.3   <2  ", "1.5.0", "2.0.0")]
    [InlineData(">1.2.3 <1.2.3", "", "1.2.3 1.2.4 0.0.0")]
    [InlineData("1.2.3+build", "1.2.3 1.2.3+other", "1.2.4")]
    // Partials with comparators.
    [InlineData(">=2.2 <3", "2.2.0 2.9.9", "2.1.9 3.0.0 3.0.0-rc.1 2.2.0-rc.1")]
    [InlineData(">=2.0 <2.2", "2.0.0 2.1.9", "2.2.0 2.2.0-0 1.9.9")]
    [InlineData(">1", "2.0.0", "1.0.0 1.9.9")]
    [InlineData(">1.2", "1.3.0 2.0.0", "1.2.9")]
    [InlineData(">1.x", "2.0.0", "1.9.9")]
    [InlineData("<=1", "1.9.9 0.1.0", "2.0.0")]
    [InlineData("<=1.2", "1.2.9", "1.3.0")]
    [InlineData("<1.2", "1.1.9", "1.2.0")]
    [InlineData(">*", "", "0.0.0 1.0.0")]
    [InlineData("<*", "", "0.0.0 1.0.0")]
    [InlineData(">=*", "0.0.0 9.9.9", "1.0.0-rc.1")]
    [InlineData("<=*", "0.0.0 9.9.9", "1.0.0-rc.1")]
    // X-ranges.
    [InlineData("*", "0.0.0 1.2.3 99.0.0", "1.0.0-rc.1")]
    [InlineData("", "0.0.0 1.2.3", "1.0.0-rc.1")]
    [InlineData("x", "0.0.0 1.2.3", "1.0.0-rc.1")]
    [InlineData("1", "1.0.0 1.9.9", "0.9.9 2.0.0 2.0.0-rc.1")]
    [InlineData("1.x", "1.0.0 1.9.9", "2.0.0")]
    [InlineData("1.X.x", "1.0.0 1.9.9", "2.0.0")]
    [InlineData("1.2.x", "1.2.0 1.2.9", "1.3.0 1.1.9")]
    [InlineData("1.2", "1.2.0 1.2.9", "1.3.0 1.1.9")]
    [InlineData("1.2.*", "1.2.0 1.2.9", "1.3.0")]
    [InlineData("=1.2", "1.2.0 1.2.9", "1.3.0")]
    // Hyphens.
    [InlineData("1.2.3 - 2.3.4", "1.2.3 2.3.4 2.0.0", "1.2.2 2.3.5")]
    [InlineData("1.2 - 2.3.4", "1.2.0 2.3.4", "1.1.9 2.3.5")]
    [InlineData("1.2.3 - 2.3", "2.3.9", "2.4.0")]
    [InlineData("1.2.3 - 2", "2.9.9", "3.0.0")]
    [InlineData("* - 2", "0.0.0 2.9.9", "3.0.0")]
    [InlineData("1 - *", "1.0.0 9.0.0", "0.9.9")]
    [InlineData("1.2 - 1.4 || 3", "1.4.9 3.1.0", "1.5.0 2.0.0")]
    // Tildes.
    [InlineData("~1.2.3", "1.2.3 1.2.9", "1.3.0 1.2.2")]
    [InlineData("~1.2", "1.2.0 1.2.9", "1.3.0")]
    [InlineData("~1", "1.0.0 1.9.9", "2.0.0")]
    [InlineData("~0.2.3", "0.2.3 0.2.9", "0.3.0")]
    [InlineData("~0", "0.0.0 0.9.9", "1.0.0")]
    [InlineData("~>1.2", "1.2.5", "1.3.0")]
    [InlineData("~ 1.2", "1.2.5", "1.3.0")]
    [InlineData("~1.2.3-beta.2", "1.2.3-beta.2 1.2.3-beta.4 1.2.3 1.2.9", "1.2.4-beta.2 1.2.3-beta.1 1.3.0")]
    // Carets.
    [InlineData("^1.2.3", "1.2.3 1.9.9", "2.0.0 1.2.2 2.0.0-0")]
    [InlineData("^0.2.3", "0.2.3 0.2.9", "0.3.0 0.2.2")]
    [InlineData("^0.0.3", "0.0.3", "0.0.4 0.0.2")]
    [InlineData("^1.2.3-beta.2", "1.2.3-beta.2 1.2.3-beta.4 1.2.3 1.9.0", "1.2.4-beta.2 2.0.0")]
    [InlineData("^0.0.3-beta", "0.0.3-beta 0.0.3-pr.2 0.0.3", "0.0.4 0.0.3-alpha")]
    [InlineData("^1.2.x", "1.2.0 1.9.0", "2.0.0 1.1.9")]
    [InlineData("^0.0.x", "0.0.0 0.0.9", "0.1.0")]
    [InlineData("^0.0", "0.0.0 0.0.9", "0.1.0")]
    [InlineData("^1.x", "1.0.0 1.9.9", "2.0.0")]
    [InlineData("^0.x", "0.0.0 0.9.9", "1.0.0")]
    [InlineData("^1", "1.0.0 1.9.9", "2.0.0")]
    [InlineData("^0", "0.9.9", "1.0.0")]
    [InlineData("^*", "0.0.0 5.0.0", "1.0.0-rc.1")]
    [InlineData("^ 1.2", "1.3.0", "2.0.0")]
    // Prereleases.
    [InlineData(">1.2.3-alpha.3", "1.2.3-alpha.7 1.2.3 3.4.5", "3.4.5-alpha.9 1.2.3-alpha.3 1.2.4-alpha.9")]
    [InlineData(">=3.0.0-alpha <3.0.0", "3.0.0-alpha 3.0.0-rc.1", "3.0.0 2.9.9")]
    [InlineData("1.0.0-rc.1", "1.0.0-rc.1", "1.0.0 1.0.0-rc.2")]
    [InlineData("1.2.3 || >=2.0.0-rc.1", "1.2.3 2.0.0-rc.2 2.0.0", "1.2.3-rc.1 2.0.1-rc.1")]
    public void Accepts_and_refuses(string range, string accepted, string refused)
    {
        var parsed = VersionRange.Parse(range);

        Assert.All(Versions(accepted), v => Assert.True(parsed.Accepts(v), $"{range} should accept {v}"));
        Assert.All(Versions(refused), v => Assert.False(parsed.Accepts(v), $"{range} should refuse {v}"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("latest")]
    [InlineData(">=")]
    [InlineData("1.2.3.4")]
    [InlineData("01.2.3")]
    [InlineData("1.2.3-")]
    [InlineData("1.2-rc.1")]
    [InlineData("1.2.3 -")]
    [InlineData("- 1.2.3")]
    [InlineData("1 - 2 - 3")]
    [InlineData("1 - 2 3")]
    [InlineData(">=1.2.3 | <2")]
    [InlineData("=>1.2.3")]
    [InlineData(">>1")]
    [InlineData("^^1")]
    [InlineData("1,2")]
    [InlineData("[1.0,2.0)")]
    [InlineData("2147483648")]
    [InlineData("^2147483647.0.0")]
    public void Refuses_to_read(string? text) => Assert.False(VersionRange.TryParse(text, out _));

    [Fact]
    public void A_range_of_endless_length_is_refused() => Assert.False(VersionRange.TryParse(new string('1', 1025), out _));

    [Fact]
    public void Accepting_allocates_nothing()
    {
        var range = VersionRange.Parse(">=2.2 <3 || ^1.2.3-rc.1 || 4.x");
        var versions = Versions("2.5.0 1.2.3-rc.2 4.1.0 3.0.0 1.2.3-alpha.1").ToArray();
        var accepted = 0;
        foreach (var version in versions)
        {
            accepted += range.Accepts(version) ? 1 : 0;
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            foreach (var version in versions)
            {
                accepted += range.Accepts(version) ? 1 : 0;
            }
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(3 * 1001, accepted);
    }

    [Fact]
    public void Ranges_are_equal_where_their_text_is()
    {
        Assert.Equal(VersionRange.Parse("^1"), VersionRange.Parse("^1"));
        Assert.Equal(VersionRange.Parse("^1").GetHashCode(), VersionRange.Parse("^1").GetHashCode());
        Assert.NotEqual(VersionRange.Parse("^1"), VersionRange.Parse("^2"));
        Assert.Equal("*", VersionRange.Any.ToString());
    }

    [Theory]
    [InlineData("2.0.0", "2.2.0", ">=2.2 <3")]
    [InlineData("3.1.0", "2.0.0", "<3")]
    [InlineData("2.5.0", "2.1.0", "<2.2")]
    [InlineData("1.0.0", "1.10.0", ">1.9 <=2.0.0")]
    [InlineData("1.0.0", "2.2.0", ">=2.2 <3", "^2")]
    [InlineData("1.0.0", null, ">=2.2 <3", "^1")]
    public void Finds_the_nearest_version_that_all_accept(string from, string? nearest, params string[] ranges) =>
        Assert.Equal(nearest, NearestVersion.Of(ReleaseVersion.Parse(from), [.. ranges.Select(VersionRange.Parse)])?.ToString());

    private static IEnumerable<ReleaseVersion> Versions(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(ReleaseVersion.Parse);
}
