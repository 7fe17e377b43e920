using System.Runtime.InteropServices;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Tutti.Cli.Solve.Reading;

/// <summary>The tokens of one YAML document, without aliases, tags and merge keys. Marks are line and column in one number.</summary>
internal sealed class YamlTokens : SolveTokens
{
    private const string WouldBeSyntax = "|>*&!%@`";

    private readonly ReadOnlyMemory<byte> _text;
    private readonly TextPool _pool;
    private readonly ProblemLog _log;
    private readonly Parser _parser;
    private int _depth;
    private bool _begun;
    private bool _ended;

    /// <param name="text">Well-formed UTF-8 without byte order mark and control characters.</param>
    /// <param name="pool">Where texts are kept.</param>
    /// <param name="log">Where aliases, tags, merge keys and second documents are refused.</param>
    public YamlTokens(ReadOnlyMemory<byte> text, TextPool pool, ProblemLog log)
    {
        _text = text;
        _pool = pool;
        _log = log;
        var bytes = MemoryMarshal.TryGetArray(text, out var array) ? array : text.ToArray();
        _parser = new Parser(new StreamReader(new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false)));
        Advance();
    }

    public override void Advance()
    {
        if (Fault is not null || _ended)
        {
            return;
        }

        try
        {
            while (_parser.MoveNext())
            {
                if (TryTake(_parser.Current!))
                {
                    return;
                }
            }

            End();
        }
        catch (YamlException fault)
        {
            BreakOff((int)fault.Start.Line, (int)fault.Start.Column, fault.Message);
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException or FormatException or IndexOutOfRangeException or OverflowException)
        {
            // The scanner answers some malformed text (an escape beyond Unicode, say) with these: it is the text that is at fault.
            var (line, column) = Locate(Mark);
            BreakOff(line, column, fault.Message);
        }
    }

    public override (int Line, int Column) Locate(Mark mark) => ((int)(mark.Value >> 32), (int)(mark.Value & uint.MaxValue));

    private static Mark At(ParsingEvent parsed) => new(((long)parsed.Start.Line << 32) | (uint)parsed.Start.Column);

    private static bool IsNothing(Scalar scalar) => scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "~" or "null" or "Null" or "NULL";

    // False: the event says nothing about the document's content.
    private bool TryTake(ParsingEvent parsed)
    {
        Mark = At(parsed);
        CheckDecoration(parsed);
        switch (parsed)
        {
            case MappingStart:
                Kind = TokenKind.MapStart;
                Deepen();
                return true;
            case SequenceStart:
                Kind = TokenKind.ListStart;
                Deepen();
                return true;
            case MappingEnd:
                Kind = TokenKind.MapEnd;
                _depth--;
                return true;
            case SequenceEnd:
                Kind = TokenKind.ListEnd;
                _depth--;
                return true;
            case Scalar { Style: ScalarStyle.Plain, Value: "<<" }:
                _log.Add(this, Mark, "yaml-merge", "'<<' merges another map into this one, which is not read here; write its entries out");
                Kind = TokenKind.Refused;
                return true;
            case Scalar scalar:
                Kind = IsNothing(scalar) ? TokenKind.Nothing : TokenKind.Text;
                Text = _pool.Of(scalar.Value);
                return true;
            case AnchorAlias alias:
                _log.Add(this, Mark, "yaml-alias", $"'*{alias.Value.Value}' is an alias, which is not read here; write the value out (a range that begins with '*' needs quotes)");
                Kind = TokenKind.Refused;
                return true;
            case DocumentStart when _begun:
                _log.Add(this, Mark, "yaml-documents", "a second document begins here; ask one question a file");
                End();
                return true;
            case DocumentStart:
                _begun = true;
                return false;
            default:
                return false;
        }
    }

    private void CheckDecoration(ParsingEvent parsed)
    {
        if (parsed is not NodeEvent node)
        {
            return;
        }

        if (!node.Anchor.IsEmpty)
        {
            _log.Add(this, Mark, "yaml-alias", $"'&{node.Anchor.Value}' is an anchor, which is not read here; remove it");
        }

        if (!node.Tag.IsEmpty)
        {
            var tag = node.Tag.IsNonSpecific ? "!" : node.Tag.Value;
            _log.Add(this, Mark, "yaml-tag", $"'{tag}' is a tag, which is not read here; remove it: every value is text as it is written");
        }
    }

    private void Deepen()
    {
        _depth++;
        if (_depth > Deepest)
        {
            var (line, column) = Locate(Mark);
            base.BreakOff(line, column, $"maps and lists are nested deeper than {Deepest} here; see 'tutti solve --help' for the file's form");
        }
    }

    private void End() => (_ended, Kind) = (true, TokenKind.End);

    private new void BreakOff(int line, int column, string why)
    {
        (line, column) = (Math.Max(line, 1), Math.Max(column, 1));
        var reason = why.ReplaceLineEndings(" ").Trim().TrimEnd('.');
        var first = TextPlace.CharacterAt(_text.Span, line, column);
        var remedy = WouldBeSyntax.Contains(first) ? $"; a range or name that begins with '{first}' needs quotes" : "";
        base.BreakOff(line, column, $"this is not well-formed YAML from here on: {char.ToLowerInvariant(reason[0])}{reason[1..]}{remedy}");
    }
}
