using System.Diagnostics.CodeAnalysis;
using Tutti.Model.Problems;

namespace Tutti.Cli.Solve.Reading;

/// <summary>Goes through maps, lists and values of a document, knows where it is, and says where something else stands than is expected.</summary>
/// <remarks>Whatever it refuses it passes, so that one mistake is said once and reading goes on behind it.</remarks>
internal sealed class Walk(SolveTokens tokens, ProblemLog log)
{
    private const int LongestShown = 80;

    // The keys that lead here; a list's items have none.
    private readonly List<string> _path = [];

    /// <summary>Where the current token begins.</summary>
    public Mark Mark => tokens.Mark;

    /// <summary>What the current token is.</summary>
    public TokenKind Kind => tokens.Kind;

    /// <summary>Where the last key began.</summary>
    public Mark KeyMark { get; private set; }

    /// <summary>How many problems were said so far, here or by the tokens.</summary>
    public int Said => log.Count;

    /// <summary>The path of what is being read: <c>releases.web.1.2.0.cart</c>.</summary>
    public string Path => _path.Count == 0 ? "the file" : Shown(string.Join('.', _path));

    /// <summary>Steps into a map; false: there is none, which is said unless nothing stands here.</summary>
    public bool TryEnterMap(string expected)
    {
        if (tokens.Kind == TokenKind.MapStart)
        {
            tokens.Advance();
            _path.Add("");
            return true;
        }

        if (tokens.Kind is TokenKind.Nothing or TokenKind.Refused)
        {
            tokens.Advance();
        }
        else
        {
            Refuse("wrong-type", expected);
        }

        return false;
    }

    /// <summary>Reads the next key of a map; false: the map has ended, and so has its path.</summary>
    public bool TryNextKey([NotNullWhen(true)] out string? key)
    {
        while (tokens.Kind is not (TokenKind.MapEnd or TokenKind.End))
        {
            KeyMark = tokens.Mark;
            var (kind, text) = (tokens.Kind, tokens.Text);
            if (kind is TokenKind.Text or TokenKind.Nothing)
            {
                tokens.Advance();
                _path[^1] = key = text;
                return true;
            }

            if (kind != TokenKind.Refused)
            {
                Say(KeyMark, "yaml-key", "a map or list stands here as a key, but a key is text; write a name before the colon");
            }

            tokens.Skip();
            tokens.Skip();
        }

        tokens.Advance();
        _path.RemoveAt(_path.Count - 1);
        key = null;
        return false;
    }

    /// <summary>Reads one value.</summary>
    public bool TryText(string expected, [NotNullWhen(true)] out string? text)
    {
        text = tokens.Kind == TokenKind.Text ? tokens.Text : null;
        if (text is not null || tokens.Kind is TokenKind.Refused)
        {
            tokens.Advance();
        }
        else
        {
            Refuse("wrong-type", expected);
        }

        return text is not null;
    }

    /// <summary>Reads one value, or a list of them, each with its place; nothing gives none.</summary>
    public IEnumerable<(string Text, Mark Mark)> Texts(string expected)
    {
        if (tokens.Kind == TokenKind.Nothing)
        {
            tokens.Advance();
            yield break;
        }

        var list = tokens.Kind == TokenKind.ListStart;
        if (list)
        {
            tokens.Advance();
        }

        while (!list || tokens.Kind is not (TokenKind.ListEnd or TokenKind.End))
        {
            var mark = tokens.Mark;
            if (TryText(expected, out var text))
            {
                yield return (text, mark);
            }

            if (!list)
            {
                yield break;
            }
        }

        tokens.Advance();
    }

    /// <summary>Passes a value.</summary>
    public void Skip() => tokens.Skip();

    /// <summary>Says that the current value is not what is expected, and passes it.</summary>
    public void Refuse(string rule, string expected)
    {
        if (tokens.Kind != TokenKind.End)
        {
            var found = tokens.Kind switch
            {
                TokenKind.MapStart => "a map",
                TokenKind.ListStart => "a list",
                TokenKind.Nothing => "nothing",
                _ => $"'{Shown(tokens.Text)}'",
            };
            Say(tokens.Mark, rule, $"{Path} is {found}, but must be {expected}");
        }

        tokens.Skip();
    }

    /// <summary>Says that a text has not the form that is expected.</summary>
    public void SayForm(Mark mark, string rule, string found, string expected, string? suggestion) =>
        Say(mark, rule, $"{Path} is '{Shown(found)}', but must be {expected}{Meant(suggestion)}", suggestion);

    public void Say(Mark mark, string rule, string message, string? suggestion = null) => log.Add(tokens, mark, rule, message, suggestion);

    /// <summary>Says that a name is not known, with the nearest that is.</summary>
    public void SayUnknown(Mark mark, string rule, string message, string name, IEnumerable<string> known)
    {
        var nearest = log.HasRoom ? Spelling.Nearest(name, known) : null;
        Say(mark, rule, message + Meant(nearest), nearest);
    }

    /// <summary>Says that something stands twice.</summary>
    public void SayTwice(Mark mark, Mark first, string what)
    {
        var line = log.HasRoom ? tokens.Locate(first).Line : 0;
        Say(mark, "duplicate", $"{what} stands here a second time (first at line {line}); keep one of them");
    }

    /// <summary>A text as messages show it: on one line, not too long.</summary>
    public static string Shown(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= LongestShown ? line : line[..LongestShown] + "…";
    }

    private static string Meant(string? suggestion) => suggestion is null ? "" : $"; did you mean '{suggestion}'?";
}
