using System.Text;
using Tutti.Cli.Solve.Reading;
using Tutti.Decisions.Versions.Solving;
using Tutti.Model.Versions;

namespace Tutti.Cli.Tests.Solve;

/// <summary>Reads questions, and spells them out so that two can be compared.</summary>
internal static class Questions
{
    public static SolveFile Read(string text, string name = "q.yaml") => SolveFileReader.Read(Encoding.UTF8.GetBytes(text), name);

    /// <summary>What was read, in lines; fails where there are problems.</summary>
    public static string Spelled(string text, string name = "q.yaml")
    {
        var file = Read(text, name);
        Assert.Empty(file.Problems.Select(problem => problem.ToString()));
        return Spelled(file);
    }

    public static string[] Problems(string text, string name = "q.yaml")
    {
        var file = Read(text, name);
        Assert.Null(file.Question);
        return [.. file.Problems.Select(problem => problem.ToString())];
    }

    public static string Spelled(SolveFile file)
    {
        var question = file.Question!;
        var lines = new StringBuilder();
        foreach (var (service, releases) in question.Catalogue.Services)
        {
            lines.Append($"{service}:");
            foreach (var release in releases)
            {
                lines.Append($" {release.Version}{(release.Reversible ? "" : "!")}({string.Join(", ", release.Needs.Select(need => $"{need.Service} {need.Range}{(need.Optional ? "?" : "")}"))})");
            }

            lines.Append('\n');
        }

        lines.Append($"current: {Pairs(question.Current, versions => string.Join('+', versions))}\n");
        lines.Append($"wishes: {Pairs(question.Wishes, wish => wish.ToString())}\n");
        lines.Append($"holds: {string.Join(' ', question.Holds)}\n");
        lines.Append($"pins: {Pairs(question.Pins, pin => pin.ToString())}\n");
        lines.Append($"criticality: {Pairs(question.Criticality, criticality => criticality.ToString())}\n");
        lines.Append($"pets: {string.Join(' ', file.Pets)}\n");
        return lines.ToString();
    }

    public static ReleaseVersion Version(string text) => ReleaseVersion.Parse(text);

    private static string Pairs<T>(IEnumerable<KeyValuePair<string, T>> pairs, Func<T, string> spell) =>
        string.Join("; ", pairs.Select(pair => $"{pair.Key} {spell(pair.Value)}"));
}
