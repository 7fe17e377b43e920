namespace Tutti.Store;

/// <summary>Who gets the leadership lease, in one place for every store.</summary>
internal static class LeaseRules
{
    /// <summary>The lease after a request: the one in force while another holds it, else the caller's, with a higher epoch unless it is a renewal in time.</summary>
    /// <param name="current">The lease so far; null when there never was one.</param>
    /// <param name="holder">Who asks.</param>
    /// <param name="duration">From <paramref name="now"/>; zero gives the lease up.</param>
    /// <param name="now">The caller's clock.</param>
    /// <param name="takeOver">Take it from whoever has it, with a higher epoch in any case.</param>
    public static Lease Next(Lease? current, string holder, TimeSpan duration, DateTimeOffset now, bool takeOver)
    {
        ArgumentException.ThrowIfNullOrEmpty(holder);
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);

        var until = (now + duration).ToUniversalTime();
        if (current is null)
            return new Lease(holder, 1, until);

        if (takeOver)
            return new Lease(holder, current.Epoch + 1, until);

        var inForce = now < current.Until;
        if (current.Holder == holder)
            return current with { Until = until, Epoch = inForce ? current.Epoch : current.Epoch + 1 };
        return inForce ? current : new Lease(holder, current.Epoch + 1, until);
    }
}
