using System.Collections.Immutable;

namespace Tutti.Node.Logs;

/// <summary>Logs of the instances of this node, one rotated file each.</summary>
internal interface IInstanceLogs
{
    /// <summary>File that the instance's output is appended to; its folder exists.</summary>
    string FileOf(string instanceKey);

    /// <summary>Begins to rotate it.</summary>
    void Watch(string instanceKey);

    /// <summary>Ends rotating it, and deletes it where asked.</summary>
    void Forget(string instanceKey, bool delete);

    /// <summary>The last lines, oldest first.</summary>
    ImmutableArray<string> Tail(string instanceKey, int lines);

    /// <summary>The last lines, and with <paramref name="follow"/> those that come.</summary>
    IAsyncEnumerable<string> FollowAsync(string instanceKey, int tail, bool follow, CancellationToken ct);
}
