using System.Text.Json;
using Tutti.Cli.CommandLine;
using Tutti.Model;

namespace Tutti.Cli.Output;

/// <summary>Prints a list of documents: as they are in JSON, or as a table.</summary>
internal static class Listing
{
    public static int Print<T>(Invocation invocation, IReadOnlyList<T> rows, string ifEmpty, TextTable table, Func<T, Cell[]> row)
    {
        if (invocation.Json)
        {
            PrintJson(invocation.Terminal, rows);
        }
        else if (rows.Count == 0)
        {
            invocation.Terminal.Error.WriteLine(ifEmpty);
        }
        else
        {
            foreach (var item in rows)
            {
                table.Add(row(item));
            }

            table.Write(invocation.Terminal);
        }

        return ExitCode.Done;
    }

    public static void PrintJson<T>(Terminal terminal, T document) =>
        terminal.Out.WriteLine(JsonSerializer.Serialize(document, TuttiJson.Indented));
}
