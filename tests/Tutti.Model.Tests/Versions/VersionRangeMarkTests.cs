using Tutti.Model.Versions;

namespace Tutti.Model.Tests.Versions;

public sealed class VersionRangeMarkTests
{
    private static readonly ReleaseVersion[] _versions =
        [.. new[] { "0.1.0", "0.1.1", "0.2.0", "1.0.0-rc.1", "1.0.0-rc.2", "1.0.0", "1.1.0", "1.2.3", "2.0.0-0", "2.0.0", "2.4.9", "3.0.0" }.Select(ReleaseVersion.Parse)];

    [Theory]
    [InlineData("*")]
    [InlineData("")]
    [InlineData("^1")]
    [InlineData("~0.1")]
    [InlineData("0.1.0")]
    [InlineData(">=1.0.0-rc.1")]
    [InlineData(">1.0.0-rc.1 <2")]
    [InlineData("1.0.0-rc.2 || 0.x || >=2.4")]
    [InlineData("<=1.2.3")]
    [InlineData("<2.0.0-0 >0.1.0")]
    [InlineData(">3 || <0.1")]
    [InlineData("1.1.0 - 2")]
    public void Marks_what_it_accepts(string text)
    {
        var range = VersionRange.Parse(text);
        var accepted = new ulong[2];

        range.Mark(_versions, accepted, first: 60);

        Assert.Equal(_versions.Where(range.Accepts), _versions.Where((_, i) => (accepted[(60 + i) / 64] >> ((60 + i) % 64) & 1) != 0));
    }

    [Fact]
    public void Bounds_are_those_of_the_text() => Assert.Equal(["2.2.0", "3.0.0-0", "1.0.0"], VersionRange.Parse(">=2.2 <3 || =1.0.0").Bounds.Select(v => v.ToString()));
}
