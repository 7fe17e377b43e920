namespace Tutti.Node.Ports;

/// <summary>Gives port numbers of this node to instances.</summary>
internal interface IPortAllocator
{
    /// <summary>A free port, or the fixed one.</summary>
    /// <exception cref="Runtimes.LaunchException">The fixed one is in use, or the range is full.</exception>
    int Take(int? fixedNumber);

    /// <summary>Marks an adopted instance's port as taken.</summary>
    void Reclaim(int number);

    /// <summary>Gives one back.</summary>
    void Release(int number);
}
