using FsCheck.Xunit;
using Tutti.Model.Manifest;
using Tutti.Node.Instances;
using Tutti.Node.Protocol;

namespace Tutti.Node.Tests.Protocol;

public sealed class BackoffTests
{
    [Property]
    public void Doubles_within_its_bounds_and_begins_again(int seed)
    {
        var backoff = new Backoff(new Random(seed), TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2));
        foreach (var nominal in new[] { 100, 200, 400, 800, 1600, 2000, 2000 })
        {
            Assert.InRange(backoff.Next().TotalMilliseconds, nominal / 2.0, nominal);
        }

        backoff.Reset();
        Assert.InRange(backoff.Next().TotalMilliseconds, 50, 100);
    }

    [Property]
    public void A_starting_instance_waits_at_most_an_eighth_of_its_start_and_the_interval(uint startingMilliseconds, bool command)
    {
        var starting = TimeSpan.FromMilliseconds(startingMilliseconds);
        var wait = HealthWatch.StartUpWait(new HealthSpec { Exec = command ? ["true"] : [] }, starting);
        var shortest = TimeSpan.FromMilliseconds(command ? 100 : 5);
        Assert.InRange(wait, shortest, TimeSpan.FromSeconds(1));
        Assert.True(wait == shortest || wait <= starting / 8);
    }
}
