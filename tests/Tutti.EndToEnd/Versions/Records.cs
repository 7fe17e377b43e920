using System.Globalization;

namespace Tutti.EndToEnd.Versions;

/// <summary>What the processes of the shop wrote down, those that are gone included.</summary>
/// <param name="Processes">How many wrote.</param>
/// <param name="Incompatible">Every call that the caller or the called one did not understand, as it stands in the record.</param>
/// <param name="Purchases">Every purchase that has ended, in the order of their ends.</param>
internal sealed record Records(int Processes, string[] Incompatible, Purchase[] Purchases)
{
    /// <summary>Purchases that did not succeed.</summary>
    public Purchase[] Failed => [.. Purchases.Where(each => each.Failure is not null)];

    public static Records Read(string folder)
    {
        var files = Directory.GetFiles(folder);
        var lines = files.SelectMany(ReadLines).ToArray();
        return new Records(
            files.Length,
            [.. lines.Where(line => WordsOf(line)[3] == "incompatible")],
            [.. lines.Select(Purchase.Parse).OfType<Purchase>().OrderBy(each => each.Ended)]);
    }

    /// <summary>Time, service, version, what, and the rest.</summary>
    internal static string[] WordsOf(string line) => line.Split(' ', 5);

    private static IEnumerable<string> ReadLines(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file);
        var text = reader.ReadToEnd();

        // A last line without an end is being written at this moment.
        return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}

/// <summary>A purchase that has ended.</summary>
/// <param name="Begun">When the shopper began.</param>
/// <param name="Ended">When it had its answer, or gave up.</param>
/// <param name="Web">The version of web that answered; null: it failed.</param>
/// <param name="Failure">Why it failed; null: it succeeded.</param>
internal sealed record Purchase(DateTimeOffset Begun, DateTimeOffset Ended, string? Web, string? Failure)
{
    /// <summary>Null: the line is about something else.</summary>
    public static Purchase? Parse(string line)
    {
        var words = Records.WordsOf(line);
        if (words[3] is not ("bought" or "failed"))
        {
            return null;
        }

        var ended = DateTimeOffset.Parse(words[0], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        var (took, more) = words[4].Split(' ', 2) switch { [var first, var rest] => (first, rest), _ => throw new FormatException(line) };
        var begun = ended - TimeSpan.FromMilliseconds(double.Parse(took, CultureInfo.InvariantCulture));
        return words[3] == "bought" ? new Purchase(begun, ended, more, null) : new Purchase(begun, ended, null, more);
    }

    /// <summary>Whether it was under way at some moment of these.</summary>
    public bool Overlaps(DateTimeOffset from, DateTimeOffset to) => Begun <= to && Ended >= from;

    public override string ToString() => $"{Begun:HH:mm:ss.fff} to {Ended:HH:mm:ss.fff}: {Failure ?? $"web {Web}"}";
}
