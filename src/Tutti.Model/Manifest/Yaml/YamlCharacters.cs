using Tutti.Model.Problems;

namespace Tutti.Model.Manifest.Yaml;

/// <summary>Refuses text that is no text: broken UTF-8 and control characters, which a parser may take for the end of the document.</summary>
internal static class YamlCharacters
{
    public static bool Check(string text, ProblemList problems)
    {
        var (line, column) = (1, 1);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\n')
            {
                (line, column) = (line + 1, 1);
                continue;
            }

            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(c) || c == '\uFFFD')
            {
                problems.Add("yaml-encoding", new Place(line, column, YamlPath.Root), "the manifest is not UTF-8 here; save it as UTF-8", expected: "UTF-8");
                return false;
            }
            else if (char.IsControl(c) && c is not ('\t' or '\r' or '\u0085'))
            {
                problems.Add("yaml-encoding", new Place(line, column, YamlPath.Root),
                    $"the control character U+{(int)c:X4} stands here; remove it, or write it as an escape in double quotes", found: $"U+{(int)c:X4}");
                return false;
            }

            column++;
        }

        return true;
    }

    /// <summary>Whether a value can be an argument, a variable or a name: no NUL, no half of a surrogate pair (escapes can write both).</summary>
    public static bool IsText(string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (char.IsHighSurrogate(value[i]) && i + 1 < value.Length && char.IsLowSurrogate(value[i + 1]))
            {
                i++;
            }
            else if (value[i] == '\0' || char.IsSurrogate(value[i]))
            {
                return false;
            }
        }

        return true;
    }
}
