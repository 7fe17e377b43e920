namespace Tutti.Decisions.Transitions;

/// <summary>The waits between the events of one service.</summary>
internal static class OwnWaits
{
    public static void Add(ServiceChange service, WaitGraph waits)
    {
        if (service.Start is not { } start)
        {
            return;
        }

        foreach (var retire in service.Retires)
        {
            if (service.IsPetExchange(retire.Side))
            {
                waits.Wait(start, retire, WaitStrength.Must, "a pet never runs twice");
            }
            else
            {
                waits.Wait(retire, start, WaitStrength.Must, $"{start.Name} must be healthy before {retire.Name} goes");
            }
        }
    }
}
