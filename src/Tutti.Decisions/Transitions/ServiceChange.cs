using Tutti.Decisions.Versions.Solving;

namespace Tutti.Decisions.Transitions;

/// <summary>One service: its live sides, its target, and who needs it.</summary>
internal sealed class ServiceChange(string name)
{
    public string Name { get; } = name;

    /// <summary>What should run; null where the service goes altogether.</summary>
    public Side? Target { get; set; }

    /// <summary>The live sides, lowest version first.</summary>
    public List<Side> Live { get; } = [];

    /// <summary>Live sides that are not the target.</summary>
    public List<PlannedEvent> Retires { get; } = [];

    /// <summary>Null where the target runs in full already, or there is none.</summary>
    public PlannedEvent? Start { get; set; }

    /// <summary>Live and target sides of other services that need this one, each once.</summary>
    public List<Consumer> Consumers { get; } = [];

    /// <summary>The live side that has the target's version.</summary>
    public Side? Staying { get; set; }

    /// <summary>Whether there are enough pets to keep all but one in service; otherwise a pet is down between its Retire and its Start.</summary>
    public bool HasSeveral => Target is { Instances: >= 2 } && Live.Sum(side => side.Instances) >= 2;

    /// <summary>Whether its pets are exchanged one by one: there are enough, and what the new ones wait for does not itself wait for the end of all the old ones.</summary>
    public bool IsExchangedOneByOne { get; set; }

    /// <summary>A pet that stays a pet. Where a pet takes over from cattle, or cattle from a pet, both may run at the same time.</summary>
    public bool IsPetExchange(Side going) => going.Pet && Target is { Pet: true };

    /// <summary>Whether Start has to bring the target up.</summary>
    public bool MustStart
    {
        get
        {
            if (Target is not { } target)
            {
                return false;
            }

            // Part of a whole side may have been exchanged already when a transition turns back to it: it is filled up before the others go.
            return Staying is not { } staying || !Serves(staying) || (Live.Count > 1 && staying.Instances < target.Instances);
        }
    }

    /// <summary>Whether consumers may count on the side.</summary>
    public static bool Serves(Side side) => side is { Whole: true, Instances: > 0 };
}

/// <summary>A side that needs a service.</summary>
/// <param name="service">Its own service.</param>
/// <param name="side">The live or target side.</param>
/// <param name="need">What it accepts.</param>
/// <param name="retire">Its end; null where it stays or comes.</param>
internal sealed class Consumer(ServiceChange service, Side side, Need need, PlannedEvent? retire)
{
    public ServiceChange Service { get; } = service;

    public Side Side { get; } = side;

    public Need Need { get; } = need;

    public PlannedEvent? Retire { get; } = retire;

    public bool IsLive => Retire is not null || Service.Staying is not null;

    public string Name => $"{Side.Service} {Side.Version}";
}
