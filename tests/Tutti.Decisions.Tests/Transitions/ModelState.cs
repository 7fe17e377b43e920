using Tutti.Decisions.Transitions;

namespace Tutti.Decisions.Tests.Transitions;

/// <summary>How many instances of every side are starting and healthy: two bits each; and which sides have been whole.</summary>
/// <param name="Counts">Four bits a side.</param>
/// <param name="Whole">A bit a side.</param>
internal readonly record struct ModelState(ulong Counts, int Whole)
{
    public int Starting(int side) => (int)(Counts >> (4 * side) & 3);

    public int Healthy(int side) => (int)(Counts >> (4 * side + 2) & 3);

    public int Running(int side) => Starting(side) + Healthy(side);

    public bool IsWhole(int side) => (Whole >> side & 1) == 1;

    public ModelState StartOne(int side) => this with { Counts = Counts + (1UL << (4 * side)) };

    public ModelState StopHealthy(int side) => this with { Counts = Counts - (4UL << (4 * side)) };

    public ModelState StopStarting(int side) => this with { Counts = Counts - (1UL << (4 * side)) };

    public ModelState Pass(int side, int full)
    {
        var next = this with { Counts = Counts + (3UL << (4 * side)) };
        return next.Healthy(side) < full ? next : next with { Whole = Whole | 1 << side };
    }

    public static ModelState Of(ModelWorld world, int[] set)
    {
        var state = new ModelState();
        foreach (var side in world.Target(set))
        {
            var number = world.SideOf(side.Service, side.Version);
            for (var i = 0; i < side.Instances; i++)
            {
                state = state.StartOne(number).Pass(number, side.Instances);
            }
        }

        return state;
    }

    public Side[] Live(ModelWorld world)
    {
        var self = this;
        return [.. world.Sides.Select((side, number) => side with { Instances = self.Running(number), Whole = self.IsWhole(number) && self.Healthy(number) > 0 }).Where(side => side.Instances > 0)];
    }

    /// <summary>A side that is gone has no past.</summary>
    public ModelState Forget(int sides)
    {
        var whole = Whole;
        for (var side = 0; side < sides; side++)
        {
            whole &= Running(side) == 0 ? ~(1 << side) : ~0;
        }

        return this with { Whole = whole };
    }

    public string Text(ModelWorld world)
    {
        var self = this;
        return string.Join(", ", world.Sides.Select((side, number) => $"{side.Service} {side.Version.Major}: {self.Healthy(number)}+{self.Starting(number)}{(self.IsWhole(number) ? " whole" : "")}").Where(text => !text.Contains("0+0", StringComparison.Ordinal)));
    }
}
