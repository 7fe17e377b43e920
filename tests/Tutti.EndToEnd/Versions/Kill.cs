using Tutti.EndToEnd.Sites;

namespace Tutti.EndToEnd.Versions;

/// <summary>A process killed.</summary>
/// <param name="Instance">Which.</param>
/// <param name="Port">Where it listened.</param>
/// <param name="Sent">Just before the signal was sent.</param>
/// <param name="Gone">When nothing of it was left; its connections ended somewhere between the two.</param>
internal sealed record Kill(string Instance, string Port, DateTimeOffset Sent, DateTimeOffset Gone)
{
    /// <summary>Kills and waits until nothing is left.</summary>
    public static async Task<Kill> OfAsync(LiveProcess victim)
    {
        var sent = DateTimeOffset.UtcNow;
        Signals.Kill9(victim.Pid);
        while (Directory.Exists($"/proc/{victim.Pid}"))
        {
            await Task.Yield(); // Far shorter than any pause that could be waited.
        }

        return new Kill(victim.Instance!, victim.Port!, sent, DateTimeOffset.UtcNow);
    }

    /// <summary>Whether a purchase was under way at the moment of death, and so may have been in this process.</summary>
    public bool MayHit(Purchase purchase) => purchase.Overlaps(Sent, Gone);

    /// <summary>Whether it explains a failure: the purchase was under way, and an upstream says that this very process broke off before it answered.</summary>
    public bool Explains(Purchase failed) =>
        MayHit(failed)
        && failed.Failure!.Contains("tutti:provider-failed", StringComparison.Ordinal)
        && failed.Failure.Contains($" at 127.0.0.1:{Port} ", StringComparison.Ordinal);

    public override string ToString() => $"{Sent:HH:mm:ss.fff} kill -9 of {Instance} at {Port}, gone after {(Gone - Sent).TotalMilliseconds:0.0} ms";
}
