using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Tutti.Control.State;

namespace Tutti.Control.Transitions;

/// <summary>The events of each service. Made once for a transition: its events never change.</summary>
internal static class EventIndex
{
    // Keyed by the events themselves, which outlive the records that say how the transition stands.
    private static readonly ConditionalWeakTable<object, Dictionary<string, ImmutableArray<int>>> _known = [];

    public static IReadOnlyDictionary<string, ImmutableArray<int>> Of(Transition transition) =>
        _known.GetValue(ImmutableCollectionsKey(transition), _ => transition.Events
            .Select((e, index) => (e.Service, Index: index))
            .GroupBy(pair => pair.Service, pair => pair.Index, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.ToImmutableArray(), StringComparer.Ordinal));

    private static object ImmutableCollectionsKey(Transition transition) =>
        System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsArray(transition.Events)!;
}
