using System.Collections.Immutable;

namespace Tutti.Control.State;

/// <summary>The writer's hand on the state: every change goes through here, is seen at once and belongs to the next batch.</summary>
internal sealed class Draft(ClusterState state)
{
    private readonly Dictionary<DocumentKey, int> _places = [];
    private readonly List<Change> _changes = [];

    /// <summary>The state with every change so far.</summary>
    public ClusterState State { get; } = state;

    /// <summary>Told of every change, with the document before and after.</summary>
    public event Action<object?, object?>? Changed;

    /// <summary>Whether the next batch has anything in it.</summary>
    public bool IsEmpty => _changes.Count == 0;

    /// <summary>How many documents the next batch writes.</summary>
    public int Count => _changes.Count;

    /// <summary>Sets a document.</summary>
    public void Put(object document) => Write(DocumentKinds.KeyOf(document), document);

    /// <summary>Removes a document.</summary>
    public void Remove(object document) => Write(DocumentKinds.KeyOf(document), null);

    /// <summary>Ends the batch and begins the next one.</summary>
    public ImmutableArray<Change> Take()
    {
        // A document that came and went within the batch was never there for anyone else.
        var taken = _changes.Where(change => change.Before is not null || change.After is not null).ToImmutableArray();
        _changes.Clear();
        _places.Clear();
        return taken;
    }

    private void Write(DocumentKey key, object? after)
    {
        if (IsKept(key))
        {
            throw new InvalidOperationException($"{key.Kind} {key.Key} is recorded for ever: it is never {(after is null ? "removed" : "edited")}, only succeeded");
        }

        var before = State.Put(key, after);
        if (_places.TryGetValue(key, out var place))
        {
            _changes[place] = _changes[place] with { After = after };
        }
        else
        {
            _places[key] = _changes.Count;
            _changes.Add(new Change(key, before, after));
        }

        Changed?.Invoke(before, after);
    }

    // Version sets and releases are written once. Whatever a command or reconciler does wrong ends here, before anything is committed.
    private bool IsKept(DocumentKey key) => key.Kind switch
    {
        DocumentKinds.Set => State.HasSet(key.Key),
        DocumentKinds.Release => State.Releases.Find(key.Key) is not null,
        _ => false,
    };
}
