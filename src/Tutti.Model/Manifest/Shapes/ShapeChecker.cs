using System.Globalization;
using Tutti.Model.Manifest.Yaml;
using Tutti.Model.Problems;

namespace Tutti.Model.Manifest.Shapes;

/// <summary>Compares a document with its description, and remembers which values no reader may use.</summary>
internal sealed class ShapeChecker(ProblemList problems)
{
    private const int LongestShown = 80;

    private readonly HashSet<YamlNode> _unusable = [];

    public bool IsUsable(YamlNode node) => !_unusable.Contains(node);

    /// <summary>Checks one value and all below it.</summary>
    /// <param name="node">The value.</param>
    /// <param name="shape">What it should look like.</param>
    /// <param name="partial">True: required keys may be missing, as they do in defaults.</param>
    public void Check(YamlNode node, Shape shape, bool partial = false)
    {
        switch (shape)
        {
            case EitherShape either:
                Check(node, node is YamlMap ? either.Long : either.Short, partial);
                break;
            case SectionShape section:
                CheckSection(node, section, partial);
                break;
            case MapShape map:
                CheckMap(node, map, partial);
                break;
            case ListShape list:
                CheckList(node, list, partial);
                break;
            default:
                CheckScalar(node, shape);
                break;
        }
    }

    /// <summary>What a shape asks for, in a phrase.</summary>
    public static string Expected(Shape shape) => shape switch
    {
        TextShape text => text.Form.Expected,
        ChoiceShape choice => "one of " + string.Join(", ", choice.Words),
        NumberShape number => $"a whole number from {number.Least} to {number.Most}",
        FlagShape => "true or false",
        ListShape { AtLeast: > 0 } list => $"a list of at least {list.AtLeast}, each {Expected(list.Item)}",
        ListShape list => "a list, each " + Expected(list.Item),
        MapShape map => $"a map from {map.Key.Expected}",
        SectionShape { Keys.Length: 0 } => "an empty map {}",
        SectionShape section => "a map of " + string.Join(", ", section.Keys.Select(k => k.Name)),
        EitherShape either => $"{Expected(either.Short)}, or {Expected(either.Long)}",
        _ => throw new InvalidOperationException($"no words for {shape}"),
    };

    private void CheckSection(YamlNode node, SectionShape section, bool partial)
    {
        if (node is not YamlMap map)
        {
            if (!node.IsNothing)
            {
                Refuse(node, "wrong-type", Expected(section));
                return;
            }

            map = new YamlMap(node.Place, []);
        }

        foreach (var entry in map.Entries)
        {
            if (section.Find(entry.Key) is { } key)
            {
                Check(entry.Value, key.Shape, partial || section == ServiceShapes.Defaults);
            }
            else
            {
                AddUnknownKey(map, entry, section);
            }
        }

        foreach (var key in section.Keys.Where(k => k.Required && !partial && map.Entry(k.Name) is null))
        {
            var expected = Expected(key.Shape);
            problems.Add("missing-key", map.Place, $"{Name(map)} needs the key '{key.Name}': {expected}", expected: expected);
        }
    }

    private void AddUnknownKey(YamlMap map, YamlEntry entry, SectionShape section)
    {
        var known = section.Keys.Select(k => k.Name).ToList();
        var nearest = Spelling.Nearest(entry.Key, known);
        var remedy = nearest is not null ? $"did you mean '{nearest}'?"
            : known.Count == 0 ? "it has no keys"
            : $"it may have {string.Join(", ", known)}";
        problems.Add("unknown-key", entry.KeyPlace, $"{Name(map)} has no key '{Shown(entry.Key)}'; {remedy}",
            found: entry.Key, expected: string.Join(", ", known), suggestion: nearest);
    }

    private void CheckMap(YamlNode node, MapShape shape, bool partial)
    {
        if (node is not YamlMap map)
        {
            if (!node.IsNothing)
            {
                Refuse(node, "wrong-type", Expected(shape));
            }

            return;
        }

        foreach (var entry in map.Entries)
        {
            if (shape.Key.Fault(entry.Key) is not null)
            {
                var suggestion = shape.Key.Suggest(entry.Key);
                problems.Add(shape.Key.Rule, entry.KeyPlace,
                    $"the name '{Shown(entry.Key)}' in {Name(map)} must be {shape.Key.Expected}{Meant(suggestion)}", entry.Key, shape.Key.Expected, suggestion);
            }

            Check(entry.Value, shape.Value, partial);
        }
    }

    private void CheckList(YamlNode node, ListShape shape, bool partial)
    {
        var items = (node as YamlList)?.Items ?? [];
        if (node is not YamlList && !node.IsNothing)
        {
            var one = shape.Item is TextShape or ChoiceShape && node is YamlScalar { Value: var value } ? $"[{value}]" : null;
            Refuse(node, "wrong-type", Expected(shape), suggestion: one);
            return;
        }

        if (items.Length < shape.AtLeast)
        {
            Refuse(node, "wrong-type", Expected(shape), described: items.Length == 0 ? "empty" : $"a list of {items.Length}");
        }

        foreach (var item in items)
        {
            Check(item, shape.Item, partial);
        }
    }

    private void CheckScalar(YamlNode node, Shape shape)
    {
        if (node is not YamlScalar scalar)
        {
            Refuse(node, "wrong-type", Expected(shape));
            return;
        }

        if (scalar.IsNothing)
        {
            Refuse(node, "wrong-type", Expected(shape), described: shape is TextShape { Form: var any } && any == TextForms.Any ? "nothing (write \"\" for empty text)" : null);
            return;
        }

        var value = scalar.Value;
        switch (shape)
        {
            case TextShape when !YamlCharacters.IsText(value):
                Refuse(node, "bad-text", "text without NUL and without half a surrogate pair", described: "text that no program can be given");
                break;
            case TextShape { Form: var form } when form.Fault(value) is { } fault:
                Refuse(node, form.Rule, form.Expected, reason: fault, suggestion: form.Suggest(value));
                break;
            case ChoiceShape choice when !choice.Words.Contains(value):
                Refuse(node, "unknown-value", Expected(shape), suggestion: Spelling.Nearest(value, choice.Words));
                break;
            case NumberShape number when !IsNumber(scalar, number):
                Refuse(node, "bad-number", Expected(shape));
                break;
            case FlagShape when !scalar.Plain || value is not ("true" or "false"):
                Refuse(node, "wrong-type", Expected(shape), suggestion: value.ToLowerInvariant() switch
                {
                    "yes" or "on" or "true" or "1" => "true",
                    "no" or "off" or "false" or "0" => "false",
                    _ => null,
                });
                break;
        }
    }

    private static bool IsNumber(YamlScalar scalar, NumberShape shape) =>
        scalar.Plain
        && int.TryParse(scalar.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number >= shape.Least
        && number <= shape.Most;

    private void Refuse(YamlNode node, string rule, string expected, string? described = null, string reason = "", string? suggestion = null)
    {
        _unusable.Add(node);
        var found = (node as YamlScalar)?.Value;
        described ??= node switch
        {
            { IsNothing: true } => "nothing",
            YamlScalar { Plain: false } when rule is "bad-number" or "wrong-type" => $"'{Shown(found!)}' in quotes",
            YamlScalar => $"'{Shown(found!)}'",
            YamlList => "a list",
            _ => "a map",
        };
        var because = reason.Length == 0 ? "" : $" ({reason})";
        problems.Add(rule, node.Place, $"{Name(node)} is {described}, but must be {expected}{because}{Meant(suggestion)}", found, expected, suggestion);
    }

    private static string Meant(string? suggestion) => suggestion is null ? "" : $"; did you mean '{suggestion}'?";

    private static string Name(YamlNode node) => node.Place.Path.ToString() is { Length: > 0 } path ? path : "the manifest";

    private static string Shown(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= LongestShown ? line : line[..LongestShown] + "…";
    }
}
