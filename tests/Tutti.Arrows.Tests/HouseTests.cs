using System.Text.RegularExpressions;

namespace Tutti.Arrows.Tests;

public sealed partial class HouseTests
{
    private const int MostLines = 500;

    [Fact]
    public void No_source_file_is_too_long() => Assert.Empty(Sources().Select(TooLong).OfType<string>());

    [Fact]
    public void No_source_file_has_a_name_that_says_nothing() => Assert.DoesNotContain(Sources(), SaysNothing);

    [Fact]
    public void The_checks_see_what_they_look_for()
    {
        Assert.True(Sources().Count > 20);
        Assert.True(SaysNothing("src/Tutti.Store/StoreManager.cs"));
        Assert.True(SaysNothing("src/Tutti.Store/PathHelpers.cs"));
        Assert.True(SaysNothing("src/Tutti.Store/StringUtils.cs"));
        Assert.True(SaysNothing("src/Tutti.Store/Utilities.cs"));
        Assert.False(SaysNothing("src/Tutti.Store/IStore.cs"));

        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(file, Enumerable.Repeat("", MostLines));
            Assert.Null(TooLong(file));
            File.AppendAllLines(file, [""]);
            Assert.NotNull(TooLong(file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static List<string> Sources() =>
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories).Where(f => !BuildOutput().IsMatch(f))];

    private static string? TooLong(string path) =>
        File.ReadLines(path).Count() is var lines and > MostLines ? $"{path} has {lines} lines, the bound is {MostLines}: one concept per file" : null;

    private static bool SaysNothing(string path) => EmptyName().IsMatch(Path.GetFileNameWithoutExtension(path));

    [GeneratedRegex("/(bin|obj)/")]
    private static partial Regex BuildOutput();

    [GeneratedRegex("Util(s|ity|ities)?$|Util(s|ity|ities)?[A-Z]|Helper|Manager")]
    private static partial Regex EmptyName();
}
