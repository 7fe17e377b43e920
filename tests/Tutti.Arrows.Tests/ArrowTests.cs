namespace Tutti.Arrows.Tests;

public sealed class ArrowTests
{
    public static TheoryData<string> Rooms => [.. AssemblyArrows.Rooms];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void An_assembly_references_only_where_an_arrow_leads(string room)
    {
        var references = AssemblyArrows.ReadAssembly(Path.Combine(AppContext.BaseDirectory, AssemblyArrows.FileOf(room)));
        Assert.Empty(AssemblyArrows.Wrong(room, references));
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_project_references_only_where_an_arrow_leads(string room)
    {
        var references = AssemblyArrows.ReadProject(Path.Combine(Repository.Root, "src", room, $"{room}.csproj"));
        Assert.Empty(AssemblyArrows.Wrong(room, references));
    }

    [Fact]
    public void Every_room_of_the_sources_has_its_arrows()
    {
        var folders = Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Select(Path.GetFileName);
        Assert.Equal(AssemblyArrows.Rooms.Order(), folders.Where(f => f!.StartsWith("Tutti.", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public void References_are_really_read()
    {
        Assert.Contains("Tutti.Model", AssemblyArrows.ReadAssembly(Path.Combine(AppContext.BaseDirectory, "Tutti.Decisions.dll")));
        Assert.Equal(["Tutti.Decisions", "Tutti.Store"], AssemblyArrows.ReadProject(Path.Combine(Repository.Root, "src/Tutti.Control/Tutti.Control.csproj")).Order());
    }

    [Theory]
    [InlineData("Tutti.Node", "Tutti.Server")]
    [InlineData("Tutti.Node", "Tutti.Control")]
    [InlineData("Tutti.Node", "Tutti.Decisions")]
    [InlineData("Tutti.Node", "Tutti.Store")]
    [InlineData("Tutti.Decisions", "Tutti.Control")]
    [InlineData("Tutti.Decisions", "Tutti.Store")]
    [InlineData("Tutti.Store", "Tutti.Model")]
    [InlineData("Tutti.Control", "Tutti.Server")]
    [InlineData("Tutti.Server", "Tutti.Node")]
    [InlineData("Tutti.Server", "Tutti.Cli")]
    [InlineData("Tutti.Model", "Tutti.Decisions")]
    public void A_wrong_arrow_is_seen(string from, string to) =>
        Assert.Equal([$"{from} references {to}: no arrow leads there"], AssemblyArrows.Wrong(from, [to]));

    [Theory]
    [InlineData("Tutti.Server", "Tutti.Model")]
    [InlineData("Tutti.Server", "Tutti.Store")]
    [InlineData("Tutti.Control", "Tutti.Model")]
    [InlineData("Tutti.Cli", "Tutti.Model")]
    [InlineData("Tutti.Cli", "Tutti.Control")]
    public void What_lies_further_down_may_be_known(string from, string to) => Assert.Empty(AssemblyArrows.Wrong(from, [to]));
}
