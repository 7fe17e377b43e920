using System.Globalization;

namespace Tutti.Bench;

/// <summary>Rows under headings, printed as a Markdown table with aligned columns.</summary>
internal sealed class ResultTable(params string[] headings)
{
    private readonly List<string[]> _rows = [];

    /// <summary>Adds a row; numbers are printed with thousands separators, small ones with two digits after the point.</summary>
    public void Add(params object[] cells) => _rows.Add([.. cells.Select(Text)]);

    /// <summary>Prints the table.</summary>
    public void Print()
    {
        var widths = headings.Select((h, i) => _rows.Select(r => r[i].Length).Append(h.Length).Append(3).Max()).ToArray();
        Console.WriteLine(Line(headings, widths));
        Console.WriteLine(Line([.. widths.Select(w => new string('-', w))], widths));
        foreach (var row in _rows)
            Console.WriteLine(Line(row, widths));
    }

    private static string Line(string[] cells, int[] widths) => $"| {string.Join(" | ", cells.Select((c, i) => c.PadRight(widths[i])))} |";

    private static string Text(object cell) => cell switch
    {
        double d when Math.Abs(d) < 100 => d.ToString("0.00", CultureInfo.InvariantCulture),
        double d => d.ToString("N0", CultureInfo.InvariantCulture),
        int or long => ((IFormattable)cell).ToString("N0", CultureInfo.InvariantCulture),
        _ => cell.ToString() ?? "",
    };
}
