using System.Diagnostics.CodeAnalysis;

namespace Tutti.Control.State;

/// <summary>Documents of one kind by key.</summary>
public sealed class Table<T>
    where T : class
{
    private readonly Dictionary<string, T> _rows = new(StringComparer.Ordinal);

    /// <summary>How many there are.</summary>
    public int Count => _rows.Count;

    /// <summary>All, in no order.</summary>
    public IReadOnlyCollection<T> All => _rows.Values;

    /// <summary>One, or null.</summary>
    public T? Find(string key) => _rows.GetValueOrDefault(key);

    /// <summary>Whether it is there, and which.</summary>
    public bool TryFind(string key, [NotNullWhen(true)] out T? row) => _rows.TryGetValue(key, out row);

    /// <summary>Sets or removes, and returns what was there.</summary>
    internal T? Put(string key, T? row)
    {
        if (row is null)
        {
            _rows.Remove(key, out var removed);
            return removed;
        }

        ref var slot = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_rows, key, out _);
        var before = slot;
        slot = row;
        return before;
    }
}
