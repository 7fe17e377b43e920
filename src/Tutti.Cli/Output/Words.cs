using System.Globalization;
using Tutti.Model.Quantities;

namespace Tutti.Cli.Output;

/// <summary>How tables spell times, sizes and counts.</summary>
internal static class Words
{
    /// <summary>How long ago: <c>12s ago</c>, <c>5m ago</c>, <c>3h ago</c>, <c>4d ago</c>.</summary>
    public static string Ago(DateTimeOffset time, TimeProvider clock)
    {
        var age = clock.GetUtcNow() - time;
        return age < TimeSpan.FromSeconds(1) ? "now" : $"{Age(age)} ago";
    }

    /// <summary>A span in its largest unit.</summary>
    public static string Age(TimeSpan age) => age switch
    {
        { TotalSeconds: < 60 } => $"{(int)age.TotalSeconds}s",
        { TotalMinutes: < 60 } => $"{(int)age.TotalMinutes}m",
        { TotalHours: < 48 } => $"{(int)age.TotalHours}h",
        _ => $"{(int)age.TotalDays}d",
    };

    /// <summary>A size rounded for reading: <c>1.5 GiB</c>.</summary>
    public static string Size(long bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB"];
        double value = bytes;
        var unit = 0;
        while (value >= 1024 && unit < units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return value.ToString(unit == 0 || value >= 100 ? "0" : "0.#", CultureInfo.InvariantCulture) + " " + units[unit];
    }

    public static string Size(ByteSize size) => Size(size.Bytes);

    /// <summary><c>1 service</c>, <c>2 services</c>.</summary>
    public static string Count(int number, string noun) => number == 1 ? $"1 {noun}" : $"{number} {noun}s";

    /// <summary>A long text on one line: of many lines, such as a log's, the first and the last two.</summary>
    public static string OneLine(string? text)
    {
        var lines = (text ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return lines is [var first, _, .., var last, var end] ? $"{first} … {last} {end}" : string.Join(' ', lines);
    }
}
