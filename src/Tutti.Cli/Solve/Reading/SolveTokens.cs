namespace Tutti.Cli.Solve.Reading;

/// <summary>What stands at one place of a text.</summary>
internal enum TokenKind
{
    MapStart,
    MapEnd,
    ListStart,
    ListEnd,

    /// <summary>A name or a value: always as it is written, so 1.10 stays 1.10.</summary>
    Text,

    /// <summary>Nothing: JSON's null; in YAML also <c>~</c> or no value at all.</summary>
    Nothing,

    /// <summary>Something that was refused where it was found; whoever meets it says nothing more.</summary>
    Refused,

    /// <summary>The end, also where the text is broken off by a <see cref="SolveTokens.Fault"/>.</summary>
    End,
}

/// <summary>A place in a text, as its own reader counts; <see cref="SolveTokens.Locate"/> makes line and column of it.</summary>
internal readonly record struct Mark(long Value);

/// <summary>Why a text cannot be read on; line and column from 1.</summary>
internal sealed record SyntaxFault(int Line, int Column, string Message);

/// <summary>JSON or YAML as one stream of tokens, the current one at hand. No tree is built: these files may be large.</summary>
internal abstract class SolveTokens
{
    /// <summary>Deepest nesting that is read on; what is meant needs four levels.</summary>
    public const int Deepest = 16;

    /// <summary>What the current token is.</summary>
    public TokenKind Kind { get; protected set; }

    /// <summary>The text of Text and Nothing; each spelling is one string.</summary>
    public string Text { get; protected set; } = "";

    /// <summary>Where the current token begins.</summary>
    public Mark Mark { get; protected set; }

    /// <summary>Why the text ends where it does; null: it is well-formed, as far as it was read.</summary>
    public SyntaxFault? Fault { get; private set; }

    /// <summary>Goes to the next token. At the end it stays there.</summary>
    public abstract void Advance();

    /// <summary>Line and column from 1.</summary>
    public abstract (int Line, int Column) Locate(Mark mark);

    /// <summary>Passes the current value with all that is in it.</summary>
    public void Skip()
    {
        var depth = 0;
        do
        {
            depth += Kind switch
            {
                TokenKind.MapStart or TokenKind.ListStart => 1,
                TokenKind.MapEnd or TokenKind.ListEnd => -1,
                _ => 0,
            };
            Advance();
        }
        while (depth > 0 && Kind != TokenKind.End);
    }

    protected void BreakOff(int line, int column, string message)
    {
        Fault = new SyntaxFault(line, column, message);
        Kind = TokenKind.End;
    }
}
