using System.Globalization;

namespace Tutti.Model.Quantities;

/// <summary>The manifest's spelling of durations: <c>500ms</c>, <c>2s</c>, <c>5m</c>, <c>1h</c>. Whole numbers only, at most 10,000 hours.</summary>
public static class Durations
{
    private static readonly TimeSpan _longest = TimeSpan.FromHours(10_000);

    /// <summary>Reads one whole number and one unit; <c>0s</c> is allowed, a bare number is not.</summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = default;
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        var split = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        if (split <= 0 || !long.TryParse(text.AsSpan(0, split), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        long? ticks = text[split..] switch
        {
            "ms" => TimeSpan.TicksPerMillisecond,
            "s" => TimeSpan.TicksPerSecond,
            "m" => TimeSpan.TicksPerMinute,
            "h" => TimeSpan.TicksPerHour,
            _ => null,
        };
        if (ticks is not { } unit || number > _longest.Ticks / unit)
        {
            return false;
        }

        duration = new TimeSpan(number * unit);
        return true;
    }

    /// <summary>The shortest exact spelling, in whole milliseconds at the finest: <c>90s</c>, <c>2m</c>, <c>1500ms</c>.</summary>
    public static string Format(TimeSpan duration)
    {
        var (number, unit) = duration.Ticks switch
        {
            0 => (0L, "s"),
            var t when t % TimeSpan.TicksPerHour == 0 => (t / TimeSpan.TicksPerHour, "h"),
            var t when t % TimeSpan.TicksPerMinute == 0 => (t / TimeSpan.TicksPerMinute, "m"),
            var t when t % TimeSpan.TicksPerSecond == 0 => (t / TimeSpan.TicksPerSecond, "s"),
            var t => (t / TimeSpan.TicksPerMillisecond, "ms"),
        };
        return number.ToString(CultureInfo.InvariantCulture) + unit;
    }
}
