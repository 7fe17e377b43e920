using System.Text;
using System.Text.Unicode;

namespace Tutti.Cli.Solve.Reading;

/// <summary>Lines and columns of a text in UTF-8.</summary>
internal static class TextPlace
{
    // All but tab, line feed and carriage return: a YAML scanner takes some of them for the end of the text.
    private static readonly System.Buffers.SearchValues<byte> _controls = System.Buffers.SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(code => (byte)code).Where(code => code is not ((byte)'\t' or (byte)'\n' or (byte)'\r')), 0x7F]);

    /// <summary>Line and column from 1 of a byte.</summary>
    public static (int Line, int Column) Of(ReadOnlySpan<byte> text, long offset)
    {
        var before = text[..(int)Math.Min(offset, text.Length)];
        var start = before.LastIndexOf((byte)'\n') + 1;
        return (before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[start..]) + 1);
    }

    /// <summary>The character at a line and column from 1; NUL behind the end.</summary>
    public static char CharacterAt(ReadOnlySpan<byte> text, int line, int column)
    {
        for (; line > 1; line--)
        {
            var end = text.IndexOf((byte)'\n');
            if (end < 0)
            {
                return '\0';
            }

            text = text[(end + 1)..];
        }

        var length = text.IndexOf((byte)'\n');
        var characters = Encoding.UTF8.GetString(length < 0 ? text : text[..length]);
        return column <= characters.Length ? characters[column - 1] : '\0';
    }

    /// <summary>Why the bytes are no text; null: they are.</summary>
    public static SyntaxFault? Refuse(ReadOnlySpan<byte> text)
    {
        if (!Utf8.IsValid(text))
        {
            var (line, column) = Of(text, FirstInvalid(text));
            return new SyntaxFault(line, column, "the file is not UTF-8 here; save it as UTF-8");
        }

        if (text.IndexOfAny(_controls) is var control and >= 0)
        {
            var (line, column) = Of(text, control);
            return new SyntaxFault(line, column, $"the control character U+{text[control]:X4} stands here; remove it");
        }

        return null;
    }

    private static int FirstInvalid(ReadOnlySpan<byte> text)
    {
        var offset = 0;
        while (Rune.DecodeFromUtf8(text[offset..], out _, out var length) == System.Buffers.OperationStatus.Done)
        {
            offset += length;
        }

        return offset;
    }
}
