using System.Text.Json;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Tests.Fakes;

namespace Tutti.Cli.Tests.Solve;

/// <summary>The samples with the real solver and planner: each answers what lies beside it, to the letter.</summary>
/// <remarks>With <c>TUTTI_ACCEPT=1</c> the answers are written instead; read the difference before it is kept.</remarks>
public sealed class SolveSampleTests
{
    private static readonly string _root = Root();

    public static TheoryData<string> Samples => [.. Directory.EnumerateFiles(Path.Combine(_root, "samples", "solve"))
        .Select(path => Path.GetFileName(path)).Where(name => !name.EndsWith(".answer.json", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task A_sample_answers_as_before(string name)
    {
        var file = Path.Combine(_root, "samples", "solve", name);
        var answer = Path.ChangeExtension(file, ".answer.json");
        using var run = new CliRun();
        var code = await run.RunAsync("solve", file, "-o", "json");
        Assert.Empty(run.Error);
        if (Environment.GetEnvironmentVariable("TUTTI_ACCEPT") == "1")
        {
            await File.WriteAllTextAsync(answer, run.Out);
        }

        Assert.Equal(await File.ReadAllTextAsync(answer), run.Out);
        Assert.Equal(JsonDocument.Parse(run.Out).RootElement.GetProperty("solved").GetBoolean() ? ExitCode.Done : ExitCode.Failed, code);
    }

    [Fact]
    public async Task The_page_shows_what_is_printed()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(_root, "docs", "solve.md"));
        var (question, shown) = ("", 0);
        foreach (var block in page.Split("```").Where((_, index) => index % 2 == 1))
        {
            if (block.StartsWith("yaml\n", StringComparison.Ordinal))
            {
                question = block["yaml\n".Length..];
            }
            else if (block.StartsWith("text\n$ tutti solve - ", StringComparison.Ordinal))
            {
                var lines = block.Split('\n');
                using var run = new CliRun { Typed = question };
                await run.RunAsync(lines[1].Contains("-o json", StringComparison.Ordinal) ? ["solve", "-", "-o", "json"] : ["solve", "-"]);
                Assert.Equal(string.Join('\n', lines[2..]), run.Out);
                shown++;
            }
        }

        Assert.Equal(3, shown);
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Tutti.slnx")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
