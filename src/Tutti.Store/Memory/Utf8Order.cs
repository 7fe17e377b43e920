namespace Tutti.Store.Memory;

/// <summary>Orders texts as their UTF-8 bytes are ordered, which is how databases do it.</summary>
/// <remarks>
/// UTF-16 code units order the same, except that surrogates (code points over U+FFFF) sort before U+E000 to U+FFFF.
/// Source of the fix-up: Unicode Technical Note / ICU, "code point order for UTF-16".
/// </remarks>
internal static class Utf8Order
{
    public static int Compare(string a, string b)
    {
        var length = Math.Min(a.Length, b.Length);
        var common = a.AsSpan(0, length).CommonPrefixLength(b.AsSpan(0, length));
        return common == length ? a.Length.CompareTo(b.Length) : Rank(a[common]).CompareTo(Rank(b[common]));
    }

    private static int Rank(char unit) => char.IsSurrogate(unit) ? unit + 0x10000 : unit;
}
