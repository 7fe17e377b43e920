using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Tutti.Cli.Solve.Reading;

namespace Tutti.Cli.Tests.Solve;

/// <summary>A question as plain data, which can be written as JSON and as YAML.</summary>
public sealed record PlainQuestion(
    ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>>> Releases,
    ImmutableSortedDictionary<string, ImmutableArray<string>> Current,
    ImmutableSortedDictionary<string, string> Request,
    ImmutableArray<string> Holds,
    ImmutableSortedDictionary<string, string> Pins,
    ImmutableSortedDictionary<string, string> Criticality,
    ImmutableArray<string> Pets);

[Properties(Arbitrary = [typeof(SolveFileProperties)], MaxTest = 200)]
public sealed class SolveFileProperties
{
    private static readonly string[] _names = ["web", "cart", "a-b", "1", "null", "true", "~", "x y", "Ünï", "quote\"s", "it's", "a: b", "#c", "<<", "*d", "[e]", "{f}", "\\g"];
    private static readonly string[] _versions = ["0.0.0", "1.10.0", "1.1.0", "2.0.0-rc.1", "2.0.0-rc.1.x", "2.0.0+build.7", "10.0.0"];
    private static readonly string[] _ranges = ["*", ">=2.2 <3", "^2", "~1.4", "1.2.x", "=1.0.0", "1.1.0", "1.10", "^1 || ^2", "1.0.0 - 2.0.0", "", "2.0.0-rc.1", "<2", "x"];
    private static readonly string[] _criticalities = ["critical-plus", "critical", "sheddable-plus", "sheddable"];

    public static Arbitrary<PlainQuestion> AnyQuestion() => Arb.From(Gen.Choose(0, int.MaxValue).Select(seed => Make(new Random(seed))));

    [Property]
    public void Json_and_yaml_ask_the_same(PlainQuestion question)
    {
        var json = Questions.Spelled(Json(question, indented: false), "q.json");
        Assert.Equal(json, Questions.Spelled(Json(question, indented: true), "q.json"));
        Assert.Equal(json, Questions.Spelled(Block(question)));
        Assert.Equal(json, Questions.Spelled(Flow(question)));
        Assert.Equal(Expected(question), json);
    }

    [Property]
    public void A_broken_file_is_refused_and_never_a_fault(PlainQuestion question, int seed)
    {
        var random = new Random(seed);
        var bytes = Encoding.UTF8.GetBytes(random.Next(2) == 0 ? Json(question, indented: true) : Block(question));
        for (var edits = random.Next(1, 4); edits > 0; edits--)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        var file = SolveFileReader.Read(bytes, random.Next(2) == 0 ? "q.json" : "q.yaml");
        Assert.Equal(file.Question is null, !file.Problems.IsEmpty);
        Assert.All(file.Problems, problem => Assert.True(problem.Line > 0 || problem.Rule == "more-problems", problem.ToString()));
    }

    private static PlainQuestion Make(Random random)
    {
        var services = Some(random, _names);
        return new PlainQuestion(
            Map(services, _ => Map(Some(random, _versions), _ => Map(Some(random, _names), _ => One(random, _ranges)))),
            Map(Some(random, services), _ => Some(random, _versions) is { Length: > 0 } several ? several : ["1.0.0"]),
            Map(Some(random, services), _ => random.Next(4) == 0 ? "newest" : One(random, _ranges)),
            Some(random, services),
            Map(Some(random, services), _ => One(random, _ranges)),
            Map(Some(random, services), _ => One(random, _criticalities)),
            Some(random, services));
    }

    private static ImmutableArray<string> Some(Random random, IEnumerable<string> of) => [.. of.Where(_ => random.Next(3) == 0)];

    private static string One(Random random, string[] of) => of[random.Next(of.Length)];

    private static ImmutableSortedDictionary<string, T> Map<T>(IEnumerable<string> keys, Func<string, T> value) =>
        keys.ToImmutableSortedDictionary(key => key, value, StringComparer.Ordinal);

    private static Dictionary<string, object> Sections(PlainQuestion question) => new()
    {
        ["request"] = question.Request,
        ["pets"] = question.Pets,
        ["current"] = question.Current.ToImmutableSortedDictionary(service => service.Key, service => service.Value.Length == 1 ? (object)service.Value[0] : service.Value, StringComparer.Ordinal),
        ["releases"] = question.Releases,
        ["hold"] = question.Holds,
        ["pin"] = question.Pins,
        ["criticality"] = question.Criticality,
    };

    private static string Json(PlainQuestion question, bool indented) => JsonSerializer.Serialize(Sections(question), new JsonSerializerOptions { WriteIndented = indented });

    private static string Block(PlainQuestion question)
    {
        var text = new StringBuilder();
        foreach (var (section, value) in Sections(question))
        {
            text.Append($"{section}:");
            WriteBlock(text, JsonSerializer.SerializeToElement(value), indent: 2);
        }

        return text.ToString();
    }

    private static void WriteBlock(StringBuilder text, JsonElement value, int indent)
    {
        var before = "\n" + new string(' ', indent);
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when value.EnumerateObject().Any():
                foreach (var entry in value.EnumerateObject())
                {
                    text.Append($"{before}{Quoted(entry.Name)}:");
                    WriteBlock(text, entry.Value, indent + 2);
                }

                break;
            case JsonValueKind.Array when value.GetArrayLength() > 0:
                foreach (var item in value.EnumerateArray())
                {
                    text.Append($"{before}- {Quoted(item.GetString()!)}\n");
                }

                break;
            case JsonValueKind.String:
                text.Append($" {Quoted(value.GetString()!)}  # {value.GetString()}\n");
                break;
            default:
                text.Append("\n");
                break;
        }
    }

    private static string Flow(PlainQuestion question) => Flow(JsonSerializer.SerializeToElement(Sections(question)));

    private static string Flow(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(", ", value.EnumerateObject().Select(entry => $"{Quoted(entry.Name)}: {Flow(entry.Value)}")) + "}",
        JsonValueKind.Array => "[" + string.Join(", ", value.EnumerateArray().Select(Flow)) + "]",
        _ => Quoted(value.GetString()!),
    };

    // Plain where YAML lets it, else in quotes.
    private static string Quoted(string text) =>
        text.Length > 0 && text is not "null" && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '+' or '^') ? text : $"'{text.Replace("'", "''")}'";

    private static string Expected(PlainQuestion question)
    {
        var lines = new StringBuilder();
        foreach (var (service, releases) in question.Releases)
        {
            lines.Append($"{service}:{string.Concat(releases.Select(release => $" {release.Key}({string.Join(", ", release.Value.Select(need => $"{need.Key} {need.Value}"))})"))}\n");
        }

        lines.Append($"current: {string.Join("; ", question.Current.Select(service => $"{service.Key} {string.Join('+', service.Value.Select(Questions.Version).Order())}"))}\n");
        lines.Append($"wishes: {Pairs(question.Request)}\nholds: {string.Join(' ', question.Holds.Order(StringComparer.Ordinal))}\npins: {Pairs(question.Pins)}\n");
        lines.Append($"criticality: {Pairs(question.Criticality.ToImmutableSortedDictionary(pair => pair.Key, pair => Word(pair.Value), StringComparer.Ordinal))}\n");
        return lines.Append($"pets: {string.Join(' ', question.Pets.Order(StringComparer.Ordinal))}\n").ToString();
    }

    private static string Pairs(ImmutableSortedDictionary<string, string> pairs) => string.Join("; ", pairs.Select(pair => $"{pair.Key} {pair.Value}"));

    private static string Word(string criticality) => string.Concat(criticality.Split('-').Select(part => char.ToUpperInvariant(part[0]) + part[1..]));
}
