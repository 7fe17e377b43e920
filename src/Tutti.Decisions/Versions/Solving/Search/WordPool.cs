namespace Tutti.Decisions.Versions.Solving.Search;

/// <summary>Words in one growing array; what is taken is named by where it begins.</summary>
internal sealed class WordPool
{
    private ulong[] _words = new ulong[256];

    public int Used { get; private set; }

    public ref ulong this[int at] => ref _words[at];

    public Span<ulong> At(int at, int words) => _words.AsSpan(at, words);

    /// <summary>Takes that many words, all zero.</summary>
    public int Take(int words)
    {
        var at = Used;
        Used += words;
        if (Used > _words.Length)
        {
            Array.Resize(ref _words, Math.Max(Used, _words.Length * 2));
        }

        _words.AsSpan(at, words).Clear();
        return at;
    }

    public int Take(ReadOnlySpan<ulong> copy)
    {
        var at = Take(copy.Length);
        copy.CopyTo(At(at, copy.Length));
        return at;
    }

    /// <summary>Gives back everything from there on.</summary>
    public void CutTo(int used) => Used = used;
}
