using Tutti.Control.Commands;

namespace Tutti.Control.Tests.Nodes;

public sealed class DrainTests
{
    private const string Stays = "db-0 keeps its volumes on n1 and stays while the node drains; stop it by scaling db in, or undo the drain";

    [Fact]
    public void Who_asks_is_told_of_the_pets_that_stay_each_time_and_of_nobody_else()
    {
        var bed = new Bed();
        bed.Do(Shop.Apply(("db", Shop.Pet("1.0.0")), ("web", Shop.Service("1.0.0", 1))));
        bed.Pass(3);
        var first = bed.Do(new DrainNode("n1", true, "ann"));
        Assert.Equal((true, Stays), (first.Changed, Assert.Single(first.Notes)));
        Assert.Equal(Stays, Assert.Single(bed.Alerts).Cause);

        var again = bed.Do(new DrainNode("n1", true, "ann"));
        Assert.Equal((false, Stays), (again.Changed, Assert.Single(again.Notes)));
        Assert.Single(bed.Alerts);
        Assert.Empty(bed.Do(new DrainNode("n1", false, "ann")).Notes);
    }
}
