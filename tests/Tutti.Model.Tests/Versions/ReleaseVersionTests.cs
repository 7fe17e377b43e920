using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using NuGet.Versioning;
using Tutti.Model.Versions;

namespace Tutti.Model.Tests.Versions;

public sealed class ReleaseVersionTests
{
    [Theory]
    [InlineData("0.0.0")]
    [InlineData("1.2.3")]
    [InlineData("15.18.0")]
    [InlineData("1.0.0-rc.1")]
    [InlineData("1.0.0-0A.is.legal")]
    [InlineData("1.0.0--")]
    [InlineData("1.0.0+build.007")]
    [InlineData("1.0.0-alpha-a.b-c+somethinglong.1-2-3")]
    [InlineData("2147483647.0.0")]
    [InlineData("1.0.0-99999999999999999999999")]
    public void Reads_and_writes_the_same(string text) => Assert.Equal(text, ReleaseVersion.Parse(text).ToString());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1.2")]
    [InlineData("1.2.3.4")]
    [InlineData("v1.2.3")]
    [InlineData("01.2.3")]
    [InlineData("1.02.3")]
    [InlineData("1.2.3-")]
    [InlineData("1.2.3-01")]
    [InlineData("1.2.3-a..b")]
    [InlineData("1.2.3+")]
    [InlineData("1.2.3+a+b")]
    [InlineData("1.2.3-ä")]
    [InlineData(" 1.2.3")]
    [InlineData("-1.2.3")]
    [InlineData("2147483648.0.0")]
    public void Refuses(string? text) => Assert.False(ReleaseVersion.TryParse(text, out _));

    // The example of SemVer 2.0.0, section 11, and what is easily got wrong.
    [Theory]
    [InlineData("1.0.0-alpha", "1.0.0-alpha.1")]
    [InlineData("1.0.0-alpha.1", "1.0.0-alpha.beta")]
    [InlineData("1.0.0-alpha.beta", "1.0.0-beta")]
    [InlineData("1.0.0-beta", "1.0.0-beta.2")]
    [InlineData("1.0.0-beta.2", "1.0.0-beta.11")]
    [InlineData("1.0.0-beta.11", "1.0.0-rc.1")]
    [InlineData("1.0.0-rc.1", "1.0.0")]
    [InlineData("1.9.0", "1.10.0")]
    [InlineData("1.0.0-Beta", "1.0.0-alpha")]
    [InlineData("1.0.0-9999999999", "1.0.0-10000000000")]
    public void Orders(string smaller, string larger)
    {
        Assert.True(ReleaseVersion.Parse(smaller).CompareTo(ReleaseVersion.Parse(larger)) < 0);
        Assert.True(ReleaseVersion.Parse(larger).CompareTo(ReleaseVersion.Parse(smaller)) > 0);
        Assert.NotEqual(ReleaseVersion.Parse(smaller), ReleaseVersion.Parse(larger));
    }

    [Fact]
    public void Build_metadata_is_kept_but_never_compared()
    {
        var (a, b) = (ReleaseVersion.Parse("1.0.0+a"), ReleaseVersion.Parse("1.0.0+b"));

        Assert.Equal(a, b);
        Assert.Equal(a.GetHashCode(), b.GetHashCode());
        Assert.Equal("1.0.0+a", a.ToString());
    }

    [Property(Arbitrary = [typeof(VersionArbitrary)], MaxTest = 2000)]
    public void Orders_as_NuGet_does(ReleaseVersion a, ReleaseVersion b)
    {
        var expected = SemanticVersion.Parse(a.ToString()).CompareTo(SemanticVersion.Parse(b.ToString()));

        Assert.Equal(Math.Sign(expected), Math.Sign(a.CompareTo(b)));
        Assert.Equal(expected == 0, a.Equals(b));
    }
}

/// <summary>Versions close enough to each other that ranges tell them apart.</summary>
public static class VersionArbitrary
{
    public static Arbitrary<ReleaseVersion> Versions()
    {
        var number = Gen.Choose(0, 3);
        var tag = Gen.Elements("", "", "", "-0", "-1", "-alpha", "-alpha.1", "-rc.1", "-rc.2");
        return Arb.From(
            from major in number
            from minor in number
            from patch in number
            from prerelease in tag
            select ReleaseVersion.Parse($"{major}.{minor}.{patch}{prerelease}"));
    }
}
