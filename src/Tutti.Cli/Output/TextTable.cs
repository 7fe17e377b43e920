using Spectre.Console;

namespace Tutti.Cli.Output;

/// <summary>An aligned table without lines; the last column is broken where the terminal ends.</summary>
internal sealed class TextTable(params string[] headers)
{
    private readonly List<Cell[]> _rows = [];

    public void Add(params Cell[] cells) => _rows.Add(cells);

    public void Write(Terminal terminal)
    {
        using var buffer = new StringWriter();
        terminal.ConsoleOver(buffer).Write(ToRenderable());
        foreach (var line in buffer.ToString().TrimEnd('\n', ' ').Split('\n'))
        {
            terminal.Out.WriteLine(line.TrimEnd());
        }
    }

    /// <summary>The same for a live display.</summary>
    public Table ToRenderable()
    {
        var table = new Table().NoBorder();
        for (var i = 0; i < headers.Length; i++)
        {
            var column = new TableColumn(new Text(headers[i], new Style(decoration: Decoration.Bold))).PadLeft(0).PadRight(i == headers.Length - 1 ? 0 : 2);
            column.NoWrap = i < headers.Length - 1;
            table.AddColumn(column);
        }

        foreach (var row in _rows)
        {
            table.AddRow(row.Select(cell => new Text(cell.Text, cell.Color is null ? Style.Plain : Style.Parse(cell.Color))));
        }

        return table;
    }
}
