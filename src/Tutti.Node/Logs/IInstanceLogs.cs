using System.Collections.Immutable;

namespace Tutti.Node.Logs;

/// <summary>Logs of the instances of this node. An instance's key is <c>architecture/id</c>. Safe from any thread.</summary>
internal interface IInstanceLogs
{
    /// <summary>The file that the instance's output is appended to.</summary>
    string FileOf(string instanceKey);

    /// <summary>Makes the file where missing and keeps it from growing without bound, until forgotten.</summary>
    void Watch(string instanceKey);

    /// <summary>Stops looking after it; those who follow it come to its end. Deletes it and its older parts where asked.</summary>
    void Forget(string instanceKey, bool delete);

    /// <summary>Its last lines, oldest first; none where there is no log.</summary>
    ImmutableArray<string> Tail(string instanceKey, int lines);

    /// <summary>Its last lines, and then, where asked, every line as it is written, until cancelled or forgotten.</summary>
    IAsyncEnumerable<string> FollowAsync(string instanceKey, int tail, bool follow, CancellationToken ct);
}
