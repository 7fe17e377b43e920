using Tutti.Node.Runtimes;

namespace Tutti.Node.Ports;

/// <summary>Gives port numbers to instances of this node. Safe from any thread.</summary>
internal interface IPortAllocator
{
    /// <summary>A free number of the range, or the fixed one; taken until released.</summary>
    /// <exception cref="LaunchException">The fixed number is in use, or the range is exhausted.</exception>
    int Take(int? fixedNumber);

    /// <summary>Takes a number that an adopted instance already uses.</summary>
    void Reclaim(int number);

    /// <summary>Gives it back.</summary>
    void Release(int number);
}
