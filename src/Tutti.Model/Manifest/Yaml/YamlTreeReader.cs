using System.Collections.Immutable;
using System.Text;
using Tutti.Model.Problems;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Tutti.Model.Manifest.Yaml;

/// <summary>Reads text into a tree within the limits that a manifest has: size, depth, no aliases, no tags, no key twice, one document.</summary>
internal sealed class YamlTreeReader
{
    /// <summary>Longest manifest in bytes of UTF-8: 4 MiB.</summary>
    public const int LongestBytes = 4 << 20;

    /// <summary>Deepest nesting of maps and lists.</summary>
    public const int Deepest = 64;

    private readonly Parser _parser;
    private readonly ProblemList _problems;
    private ParsingEvent? _event;
    private bool _halted;

    private YamlTreeReader(string text, ProblemList problems)
    {
        _parser = new Parser(new StringReader(text));
        _problems = problems;
    }

    /// <summary>Gives the tree, or null where the text is no single document; says why in either case.</summary>
    public static YamlNode? Read(string text, ProblemList problems)
    {
        var start = new Place(1, 1, YamlPath.Root);
        var bytes = Encoding.UTF8.GetByteCount(text);
        if (bytes > LongestBytes)
        {
            problems.Add("yaml-size", start, $"the manifest has {bytes} bytes, but at most 4 MiB ({LongestBytes} bytes) are read; split it into several architectures",
                found: $"{bytes} bytes", expected: $"at most {LongestBytes} bytes");
            return null;
        }

        text = text.StartsWith('\uFEFF') ? text[1..] : text;
        return YamlCharacters.Check(text, problems) ? new YamlTreeReader(text, problems).ReadDocument() : null;
    }

    private YamlNode? ReadDocument()
    {
        Advance();
        if (!_halted && _event is StreamStart)
        {
            Advance();
        }

        if (_halted || _event is not DocumentStart)
        {
            if (!_halted)
            {
                _problems.Add("yaml-syntax", new Place(1, 1, YamlPath.Root), "the manifest is empty; begin it with 'apiVersion: tutti/v1'");
            }

            return null;
        }

        Advance();
        var root = ReadNode(YamlPath.Root, depth: 0);
        Advance();
        if (!_halted && _event is DocumentStart)
        {
            _problems.Add("yaml-documents", At(YamlPath.Root), "a second document begins here, but a manifest is one document; put it into a file of its own");
        }

        return _halted ? null : root;
    }

    private YamlNode? ReadNode(YamlPath path, int depth)
    {
        if (_halted)
        {
            return null;
        }

        if (_event is null)
        {
            Halt(1, 1, "the text ends too early");
            return null;
        }

        var place = At(path);
        CheckDecoration(place);
        switch (_event)
        {
            case AnchorAlias alias:
                _problems.Add("yaml-alias", place, $"'*{alias.Value.Value}' is an alias, but a manifest has none; write the value out, or put what is shared under 'defaults'");
                Advance();
                return new YamlScalar(place, "", plain: true);
            case Scalar scalar:
                Advance();
                return new YamlScalar(place, scalar.Value, scalar.Style == ScalarStyle.Plain);
            case SequenceStart or MappingStart when depth >= Deepest:
                _problems.Add("yaml-depth", place, $"maps and lists are nested deeper than {Deepest} here; flatten them", expected: $"at most {Deepest} levels");
                _halted = true;
                return null;
            case SequenceStart:
                return ReadList(place, depth);
            case MappingStart:
                return ReadMap(place, depth);
            default:
                Halt(place.Line, place.Column, "a value is missing");
                return null;
        }
    }

    private YamlList ReadList(Place place, int depth)
    {
        var items = ImmutableArray.CreateBuilder<YamlNode>();
        Advance();
        while (!_halted && _event is not SequenceEnd)
        {
            if (ReadNode(place.Path.Item(items.Count), depth + 1) is { } item)
            {
                items.Add(item);
            }
        }

        Advance();
        return new YamlList(place, items.ToImmutable());
    }

    private YamlMap ReadMap(Place place, int depth)
    {
        var entries = new Dictionary<string, YamlEntry>(StringComparer.Ordinal);
        var order = ImmutableArray.CreateBuilder<YamlEntry>();
        Advance();
        while (!_halted && _event is not MappingEnd)
        {
            var keyPlace = At(place.Path);
            var key = ReadNode(place.Path, depth + 1);
            var name = (key as YamlScalar)?.Value;
            if (key is not null && name is null)
            {
                _problems.Add("yaml-key", keyPlace, "a map or list stands here as a key, but a key is text; write a name before the colon", expected: "text");
            }

            keyPlace = keyPlace with { Path = place.Path.Key(name ?? "?") };
            if (ReadNode(keyPlace.Path, depth + 1) is not { } value || name is null)
            {
                continue;
            }

            var entry = new YamlEntry(name, keyPlace, value);
            if (entries.TryAdd(name, entry))
            {
                order.Add(entry);
            }
            else
            {
                _problems.Add("yaml-duplicate-key", keyPlace,
                    $"{keyPlace.Path} stands here a second time (first at line {entries[name].KeyPlace.Line}); keep one of them", found: name);
            }
        }

        Advance();
        return new YamlMap(place, order.ToImmutable());
    }

    private void CheckDecoration(Place place)
    {
        if (_event is not NodeEvent node)
        {
            return;
        }

        if (!node.Anchor.IsEmpty)
        {
            _problems.Add("yaml-alias", place, $"'&{node.Anchor.Value}' is an anchor, but a manifest has none; remove it, and put what is shared under 'defaults'");
        }

        if (!node.Tag.IsEmpty)
        {
            _problems.Add("yaml-tag", place, $"'{Shown(node.Tag)}' is a tag, but a manifest has none; remove it, and quote the value if it is to be text");
        }
    }

    private static string Shown(TagName tag) => tag.IsNonSpecific ? "!" : tag.Value;

    private Place At(YamlPath path) =>
        _event is null ? new Place(1, 1, path) : new Place((int)_event.Start.Line, (int)_event.Start.Column, path);

    private void Advance()
    {
        if (_halted)
        {
            return;
        }

        try
        {
            _event = _parser.MoveNext() ? _parser.Current : null;
        }
        catch (YamlException fault)
        {
            Halt((int)fault.Start.Line, (int)fault.Start.Column, fault.Message);
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException or FormatException or IndexOutOfRangeException or OverflowException)
        {
            // The scanner answers some malformed text (an escape beyond Unicode, say) with these: it is the text that is at fault.
            Halt((int)(_event?.End.Line ?? 1), (int)(_event?.End.Column ?? 1), fault.Message);
        }
    }

    private void Halt(int line, int column, string why)
    {
        _halted = true;
        var reason = why.ReplaceLineEndings(" ").Trim().TrimEnd('.');
        _problems.Add("yaml-syntax", new Place(Math.Max(line, 1), Math.Max(column, 1), YamlPath.Root),
            $"the manifest is not well-formed YAML from here on: {char.ToLowerInvariant(reason[0])}{reason[1..]}");
    }
}
