using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Quartz;

namespace Tutti.Model.Manifest;

/// <summary>Five-field cron expressions, and their form in Quartz, which computes the times.</summary>
/// <remarks>Source: crontab(5). Days of the week are 0 to 7, both ends Sunday. Days of the month and of the week may not both be
/// restricted, as Quartz knows no "either of them".</remarks>
public static class CronSyntax
{
    private static readonly string[] _months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    private static readonly string[] _days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    private static readonly (string Name, int Least, int Most, string[] Words)[] _fields =
    [
        ("minute", 0, 59, []), ("hour", 0, 23, []), ("day of month", 1, 31, []), ("month", 1, 12, _months), ("day of week", 0, 7, _days),
    ];

    // Where the search for a first time begins when an expression is checked; any fixed day will do.
    private static readonly DateTimeOffset _checkedFrom = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Gives the expression as Quartz's <see cref="CronExpression"/> reads it, or says in a clause what is wrong with it.</summary>
    public static bool TryToQuartz(string cron, [NotNullWhen(true)] out string? quartz, [NotNullWhen(false)] out string? fault)
    {
        quartz = null;
        fault = null;
        var written = cron.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (written.Length != _fields.Length)
        {
            fault = $"it has {written.Length} fields, not five";
            return false;
        }

        var fields = new string[_fields.Length];
        for (var i = 0; i < _fields.Length; i++)
        {
            if (Expand(i, written[i]) is not { } field)
            {
                fault = $"'{Shown(written[i])}' is no {_fields[i].Name}, which is *, a number from {_fields[i].Least} to {_fields[i].Most}, a range or a list, each with an optional /step";
                return false;
            }

            fields[i] = field;
        }

        var (day, weekday) = (fields[2], fields[4]);
        if (day != "*" && weekday != "*")
        {
            fault = "day of month and day of week are both restricted; leave one of them *";
            return false;
        }

        quartz = $"0 {fields[0]} {fields[1]} {(weekday == "*" ? day : "?")} {fields[3]} {(weekday == "*" ? "?" : weekday)}";
        fault = Check(quartz);
        quartz = fault is null ? quartz : null;
        return fault is null;
    }

    private static string Shown(string text) => text.Length <= 40 ? text : text[..40] + "…";

    private static string? Check(string quartz)
    {
        try
        {
            var expression = new CronExpression(quartz) { TimeZone = TimeZoneInfo.Utc };
            return expression.GetNextValidTimeAfter(_checkedFrom) is null ? "no such day ever comes" : null;
        }
        catch (FormatException fault)
        {
            return fault.Message;
        }
    }

    // The values a field stands for, written out; ranges over the end of the week and steps are not the same in Quartz.
    private static string? Expand(int field, string text)
    {
        if (text == "*")
        {
            return "*";
        }

        var (_, least, most, words) = _fields[field];
        var isWeekday = words == _days;
        var values = new SortedSet<int>();
        foreach (var item in text.Split(','))
        {
            if (!TryItem(item, least, most, words, out var from, out var to, out var step))
            {
                return null;
            }

            for (var value = from; value <= to; value += step)
            {
                values.Add(isWeekday ? value % 7 : value);
            }
        }

        return values.Count == 0 ? null : string.Join(',', values.Select(v => isWeekday ? _days[v] : v.ToString(CultureInfo.InvariantCulture)));
    }

    private static bool TryItem(string item, int least, int most, string[] words, out int from, out int to, out int step)
    {
        (from, to, step) = (least, words == _days ? 6 : most, 1);
        var slash = item.IndexOf('/');
        var range = slash < 0 ? item : item[..slash];
        if (slash >= 0 && (!int.TryParse(item.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out step) || step < 1 || step > most))
        {
            return false;
        }

        if (range == "*")
        {
            return true;
        }

        var dash = range.IndexOf('-');
        if (!TryValue(dash < 0 ? range : range[..dash], least, most, words, out from))
        {
            return false;
        }

        if (dash >= 0)
        {
            return TryValue(range[(dash + 1)..], least, most, words, out to) && from <= to;
        }

        // "5/10" counts from 5 to the end of the field; a bare "5" is only itself.
        to = slash >= 0 ? to : from;
        return true;
    }

    private static bool TryValue(string text, int least, int most, string[] words, out int value)
    {
        var word = Array.FindIndex(words, w => w.Equals(text, StringComparison.OrdinalIgnoreCase));
        value = word + least;
        return word >= 0
            || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least && value <= most);
    }
}
