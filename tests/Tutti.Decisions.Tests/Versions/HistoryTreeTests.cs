using Tutti.Decisions.Versions;

namespace Tutti.Decisions.Tests.Versions;

public sealed class HistoryTreeTests
{
    [Fact]
    public void Without_rollbacks_a_set_continues_its_parent() =>
        Assert.Equal([null, 1, 2], Continued(new(1, null, null, "a"), new(2, 1, null, "b"), new(3, 2, null, "a")));

    [Fact]
    public void A_rollback_continues_the_set_it_goes_back_to() =>
        Assert.Equal([null, 1, 2, 2, 4], Continued(new(1, null, null, "a"), new(2, 1, null, "b"), new(3, 2, null, "c"), new(4, 3, 2, "b"), new(5, 4, null, "d")));

    [Fact]
    public void Going_back_and_forth_stays_on_two_lines() =>
        Assert.Equal([null, 1, 1, 2, 3, 4], Continued(new(1, null, null, "a"), new(2, 1, null, "b"), new(3, 2, 1, "a"), new(4, 3, 2, "b"), new(5, 4, 1, "a"), new(6, 5, 2, "b")));

    [Fact]
    public void A_rollback_of_some_services_is_a_step_forward() =>
        Assert.Equal([null, 1, 2], Continued(new(1, null, null, "a"), new(2, 1, null, "b"), new(3, 2, 1, "c")));

    [Fact]
    public void What_lies_before_the_first_set_is_not_named() =>
        Assert.Equal([null, 7, 8, null], Continued(new(7, 6, null, "a"), new(8, 7, null, "b"), new(9, 8, 3, "c"), new(10, 2, null, "d")));

    private static int?[] Continued(params HistoryEntry[] sets) => [.. HistoryTree.Continued(sets)];
}
