using System.Collections.Concurrent;

namespace Shop.Cart;

/// <summary>Carts in memory, the newest <see cref="Capacity"/>; each instance has its own, and what a purchase needs is in every answer.</summary>
internal sealed class CartStore<TCart>
    where TCart : class
{
    /// <summary>Most carts kept.</summary>
    public const int Capacity = 1000;

    private readonly ConcurrentDictionary<string, TCart> _carts = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _order = new();

    /// <summary>How many there are.</summary>
    public int Count => _carts.Count;

    /// <summary>A user's cart, or null.</summary>
    public TCart? Find(string user) => _carts.GetValueOrDefault(user);

    /// <summary>Sets a user's cart.</summary>
    public void Put(string user, TCart cart)
    {
        if (_carts.TryAdd(user, cart))
        {
            _order.Enqueue(user);
        }
        else
        {
            _carts[user] = cart;
        }

        while (_carts.Count > Capacity && _order.TryDequeue(out var oldest))
        {
            _carts.TryRemove(oldest, out _);
        }
    }
}
