using FsCheck.Xunit;
using Tutti.Decisions.Placement;
using Tutti.Model.Lifecycle;
using static Tutti.Decisions.Tests.Placement.Given;

namespace Tutti.Decisions.Tests.Placement;

public sealed class VictimSearchTests
{
    // Whatever the search is cut short at, even at once.
    [Property(MaxTest = 300)]
    public void No_victim_is_needless_however_short_the_search(byte[] sizes, byte cpu, byte memory, byte steps)
    {
        var occupants = sizes.Take(24).Select((size, i) => Occupant($"o{i:d2}", Criticality.Critical + (i % 3), size % 16, size / 16)).ToList();
        var found = VictimSearch.Find([.. occupants], [], cpu, (long)memory << 20, steps % 40);

        if (found is null)
        {
            Assert.True(occupants.Sum(each => each.Reserved.Cpu.Millis) < cpu || occupants.Sum(each => each.Reserved.Memory.Bytes) < (long)memory << 20);
            return;
        }

        var surplusCpu = found.Victims.Sum(each => each.Reserved.Cpu.Millis) - cpu;
        var surplusMemory = found.Victims.Sum(each => each.Reserved.Memory.Bytes) - ((long)memory << 20);
        Assert.True(surplusCpu >= 0 && surplusMemory >= 0);
        Assert.DoesNotContain(found.Victims, each => each.Reserved.Cpu.Millis <= surplusCpu && each.Reserved.Memory.Bytes <= surplusMemory);
        Assert.Equal(found.Harm, BruteForce.HarmOf(found.Victims));
    }
}
