using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Tutti.Control.State;
using Tutti.Decisions.Transitions;

namespace Tutti.Control.Transitions;

/// <summary>How far the events of a transition are, read from what is. Good for one look: the state must not change meanwhile.</summary>
public sealed class TransitionProgress(ClusterState state, Transition transition)
{
    private readonly EventState?[] _known = new EventState?[transition.Events.Length];

    /// <summary>How far one event is. Events wait only for events before them, so this comes to an end.</summary>
    public EventState Of(int index) => _known[index] ??= Look(transition.Events[index]);

    /// <summary>All of them, in order.</summary>
    public ImmutableArray<EventState> All() => [.. Enumerable.Range(0, transition.Events.Length).Select(Of)];

    /// <summary>The waits of an event that are not over.</summary>
    public IEnumerable<Wait> Open(TransitionEvent e) => e.After.Where(wait => Of(wait.Event) != EventState.Done);

    private EventState Look(TransitionEvent e)
    {
        var key = new ServiceKey(transition.Architecture, e.Service);
        if (e.Kind == TransitionEventKind.Start)
        {
            return state.Service(key)?.Whole.Contains(e.Version) == true ? EventState.Done
                : Open(e).Any() ? EventState.Waiting
                : EventState.Running;
        }

        // Nothing of a side that is held may be there for a moment, when all of it has failed: it is not retired for that.
        return !Open(e).Any() ? (Sides.Runs(state, key, e.Version) ? EventState.Running : EventState.Done)
            : e.Rolls && Open(e).All(wait => Of(wait.Event) == EventState.Running) ? EventState.Running
            : EventState.Waiting;
    }
}

/// <summary>How far one event of a transition is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EventState>))]
public enum EventState
{
    /// <summary>Others have to come first.</summary>
    [JsonStringEnumMemberName("waiting")]
    Waiting,

    /// <summary>In progress.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>Done.</summary>
    [JsonStringEnumMemberName("done")]
    Done,
}
