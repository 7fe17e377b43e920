using Tutti.Model.Lifecycle;

namespace Tutti.Model.Tests.Lifecycle;

public sealed class LifecycleTests
{
    // Rows: from. Columns in the order of the enumeration: Provision Ready Run Update Rollback Scale Destroy Failed.
    private static readonly Dictionary<ServiceStatus, string> _services = new()
    {
        [ServiceStatus.Provision] = ".X.XX.XX",
        [ServiceStatus.Ready] = "..XXX.XX",
        [ServiceStatus.Run] = "...XXXXX",
        [ServiceStatus.Update] = "..X.XXXX",
        [ServiceStatus.Rollback] = "..XX.XXX",
        [ServiceStatus.Scale] = "..XXX.XX",
        [ServiceStatus.Destroy] = "X......X",
        [ServiceStatus.Failed] = "X.XXXXX.",
    };

    // Provision Ready Run Destroy Failed.
    private static readonly Dictionary<InstancePhase, string> _instances = new()
    {
        [InstancePhase.Provision] = ".X.XX",
        [InstancePhase.Ready] = "..XXX",
        [InstancePhase.Run] = "...XX",
        [InstancePhase.Destroy] = "X....",
        [InstancePhase.Failed] = "X..X.",
    };

    [Fact]
    public void Every_pair_of_service_statuses_is_as_tabled()
    {
        var actual = Enum.GetValues<ServiceStatus>().ToDictionary(from => from, from => Row(from, ServiceLifecycle.Allows));

        Assert.Equal(_services, actual);
    }

    [Fact]
    public void Every_pair_of_instance_phases_is_as_tabled()
    {
        var actual = Enum.GetValues<InstancePhase>().ToDictionary(from => from, from => Row(from, InstanceLifecycle.Allows));

        Assert.Equal(_instances, actual);
    }

    [Fact]
    public void What_may_follow_is_what_is_allowed()
    {
        Assert.All(Enum.GetValues<ServiceStatus>(), from => Assert.Equal(
            Enum.GetValues<ServiceStatus>().Where(to => ServiceLifecycle.Allows(from, to)), ServiceLifecycle.After(from).Order()));
        Assert.All(Enum.GetValues<InstancePhase>(), from => Assert.Equal(
            Enum.GetValues<InstancePhase>().Where(to => InstanceLifecycle.Allows(from, to)), InstanceLifecycle.After(from).Order()));
    }

    [Fact]
    public void Every_status_can_be_taken_down_and_reached()
    {
        Assert.All(Enum.GetValues<ServiceStatus>(), from => Assert.Contains(ServiceStatus.Destroy, Reachable(from, ServiceLifecycle.After)));
        Assert.Equal(Enum.GetValues<ServiceStatus>(), Reachable(ServiceStatus.Provision, ServiceLifecycle.After).Order());
    }

    [Fact]
    public void Every_phase_can_be_taken_down_and_reached()
    {
        Assert.All(Enum.GetValues<InstancePhase>(), from => Assert.Contains(InstancePhase.Destroy, Reachable(from, InstanceLifecycle.After)));
        Assert.Equal(Enum.GetValues<InstancePhase>(), Reachable(InstancePhase.Provision, InstanceLifecycle.After).Order());
    }

    private static string Row<T>(T from, Func<T, T, bool> allows) where T : struct, Enum =>
        string.Concat(Enum.GetValues<T>().Select(to => allows(from, to) ? 'X' : '.'));

    private static HashSet<T> Reachable<T>(T from, Func<T, IReadOnlyCollection<T>> after) where T : struct, Enum
    {
        var seen = new HashSet<T> { from };
        var waiting = new Queue<T>([from]);
        while (waiting.TryDequeue(out var at))
        {
            foreach (var next in after(at).Where(seen.Add))
            {
                waiting.Enqueue(next);
            }
        }

        return seen;
    }
}
