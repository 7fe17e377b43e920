using System.Text;
using System.Text.Json;

namespace Tutti.Cli.Solve.Reading;

/// <summary>The tokens of a JSON text. Marks are offsets in bytes.</summary>
internal sealed class JsonTokens : SolveTokens
{
    private readonly ReadOnlyMemory<byte> _text;
    private readonly TextPool _pool;
    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = Deepest });
    private int _read;
    private char[] _characters = new char[256];

    /// <param name="text">Well-formed UTF-8 without byte order mark.</param>
    /// <param name="pool">Where texts are kept.</param>
    public JsonTokens(ReadOnlyMemory<byte> text, TextPool pool)
    {
        _text = text;
        _pool = pool;
        Advance();
    }

    public override void Advance()
    {
        if (Fault is not null)
        {
            return;
        }

        var reader = new Utf8JsonReader(_text.Span[_read..], isFinalBlock: true, _state);
        try
        {
            if (!reader.Read())
            {
                (Kind, Mark) = (TokenKind.End, new Mark(_text.Length));
                return;
            }

            Mark = new Mark(_read + reader.TokenStartIndex);
            Take(ref reader);
        }
        catch (JsonException fault)
        {
            BreakOff(fault);
            return;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, written as an escape.
            var (line, column) = Locate(Mark);
            BreakOff(line, column, "the text that begins here has an escape that is no character; write the character itself");
            return;
        }

        _read += (int)reader.BytesConsumed;
        _state = reader.CurrentState;
    }

    public override (int Line, int Column) Locate(Mark mark) => TextPlace.Of(_text.Span, mark.Value);

    private void Take(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                Kind = TokenKind.MapStart;
                break;
            case JsonTokenType.EndObject:
                Kind = TokenKind.MapEnd;
                break;
            case JsonTokenType.StartArray:
                Kind = TokenKind.ListStart;
                break;
            case JsonTokenType.EndArray:
                Kind = TokenKind.ListEnd;
                break;
            case JsonTokenType.PropertyName or JsonTokenType.String:
                Room(reader.ValueSpan.Length);
                (Kind, Text) = (TokenKind.Text, _pool.Of(_characters.AsSpan(0, reader.CopyString(_characters))));
                break;
            default:
                // Numbers and flags as they are written.
                Room(reader.ValueSpan.Length);
                var length = Encoding.UTF8.GetChars(reader.ValueSpan, _characters);
                (Kind, Text) = (reader.TokenType == JsonTokenType.Null ? TokenKind.Nothing : TokenKind.Text, _pool.Of(_characters.AsSpan(0, length)));
                break;
        }
    }

    private void Room(int length)
    {
        if (_characters.Length < length)
        {
            _characters = new char[length * 2];
        }
    }

    private void BreakOff(JsonException fault)
    {
        var line = (int)(fault.LineNumber ?? 0);
        var rest = _text.Span;
        var start = 0;
        for (var i = 0; i < line; i++)
        {
            start += rest[start..].IndexOf((byte)'\n') + 1;
        }

        var at = TextPlace.Of(rest, start + (fault.BytePositionInLine ?? 0));
        var end = fault.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var reason = (end < 0 ? fault.Message : fault.Message[..end]).ReplaceLineEndings(" ").Trim().TrimEnd('.');
        BreakOff(at.Line, at.Column, $"this is not well-formed JSON from here on: {char.ToLowerInvariant(reason[0])}{reason[1..]}");
    }
}
