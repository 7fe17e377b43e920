namespace Tutti.Decisions.Transitions;

/// <summary>How many instances run at one time while a plan is carried out wave by wave.</summary>
/// <remarks>
/// Within a wave everything that starts is there before anything that stops is gone. Sides that roll are exchanged with the Start
/// of their service, with one instance more than the larger number. A pet that is exchanged one by one needs none.
/// </remarks>
internal static class PeakInstances
{
    /// <summary>The most that run beyond the sum of what is live and that of the target, whichever is more.</summary>
    public static int Extra(IReadOnlyCollection<ServiceChange> services, List<PlannedEvent> order)
    {
        var live = services.Sum(service => service.Live.Sum(side => (long)side.Instances));
        var bound = Math.Max(live, services.Sum(service => (long)(service.Target?.Instances ?? 0)));
        var (running, peak) = (live, live);
        foreach (var wave in order.GroupBy(one => one.Level))
        {
            long more = 0, left = 0;
            foreach (var one in wave)
            {
                if (one.Kind == TransitionEventKind.Start)
                {
                    var missing = Math.Max(0, one.Side.Instances - (one.Service.Staying?.Instances ?? 0));
                    var rolled = one.Service.Retires.Where(IsRolledCattle).Sum(retire => retire.Side.Instances);
                    more += rolled > 0 && missing > 0 ? Math.Max(0, missing - rolled) + 1 : missing;
                    left += missing - rolled;
                }
                else if (!IsRolledCattle(one))
                {
                    left -= one.Side.Instances;
                }
            }

            peak = Math.Max(peak, running + more);
            running += left;
        }

        return (int)Math.Min(int.MaxValue, peak - Math.Min(peak, bound));
    }

    private static bool IsRolledCattle(PlannedEvent one) => one.Rolls && !one.Service.IsPetExchange(one.Side);
}
