namespace Tutti.Bench;

/// <summary>Collects durations and gives their quantiles.</summary>
internal sealed class Latencies
{
    private readonly List<double> _milliseconds = [];

    /// <summary>Adds one.</summary>
    public void Add(TimeSpan duration) => _milliseconds.Add(duration.TotalMilliseconds);

    /// <summary>The nearest-rank quantile in milliseconds; 0 for none.</summary>
    /// <param name="q">From 0 to 1; 1 is the longest.</param>
    public double Quantile(double q)
    {
        if (_milliseconds.Count == 0)
            return 0;
        var sorted = _milliseconds.Order().ToArray();
        return sorted[Math.Clamp((int)Math.Ceiling(q * sorted.Length) - 1, 0, sorted.Length - 1)];
    }
}
