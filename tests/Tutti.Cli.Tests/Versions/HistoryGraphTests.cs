using Tutti.Cli.Versions;

namespace Tutti.Cli.Tests.Versions;

public sealed class HistoryGraphTests
{
    [Fact]
    public void A_straight_history_is_not_drawn()
    {
        Assert.Null(HistoryGraph.Draw([], 0));
        Assert.Null(HistoryGraph.Draw([(1, null), (2, 1), (3, 2)], 3));
    }

    [Fact]
    public void A_rollback_leaves_a_line_and_continues_another() => Assert.Equal(
        """
        ○
        ○─╮
        │ ○
        ○
        ●
        """,
        Drawn(5, (1, null), (2, 1), (3, 2), (4, 2), (5, 4)));

    [Fact]
    public void Lines_that_go_on_stay_apart() => Assert.Equal(
        """
        ○─┬─╮
        │ ○ │
        ○─┼─┼─╮
        │ ○ │ │
        │   ○ │
        ○   │ │
        │   │ ○
        ●   │
            ○
        """,
        Drawn(8, (1, null), (2, 1), (3, 1), (4, 2), (5, 1), (6, 3), (7, 3), (8, 6), (9, 5)));

    [Fact]
    public void A_set_whose_line_began_before_the_list_begins_a_lane() => Assert.Equal(
        """
        ○─╮
        │ ○
        ○ │
        │ │ ○
        ● │
          ○
        """,
        Drawn(24, (20, null), (21, 20), (22, 20), (23, null), (24, 22), (25, 21)));

    [Fact]
    public void Lanes_are_bounded()
    {
        var wide = HistoryGraph.Draw([(1, null), .. Enumerable.Range(2, 40).Select(number => (number, (int?)1))], 2)!;
        Assert.Equal(41, wide.Count);
        Assert.All(wide, row => Assert.InRange(row.Length, 1, 26));
        Assert.All(wide, row => Assert.Single(row, sign => sign is '○' or '●'));
    }

    private static string Drawn(int current, params (int, int?)[] sets) =>
        string.Join('\n', HistoryGraph.Draw(sets, current)!.Select(row => row.TrimEnd()));
}
