using System.Numerics;

namespace Tutti.Decisions.Versions.Solving.Search;

/// <summary>Sets of small numbers as words of 64 bits.</summary>
internal static class Bits
{
    public static int WordsFor(int values) => (values + 63) >> 6;

    public static bool Has(ReadOnlySpan<ulong> set, int value) => (set[value >> 6] & (1UL << value)) != 0;

    public static void Set(Span<ulong> set, int value) => set[value >> 6] |= 1UL << value;

    public static void Clear(Span<ulong> set, int value) => set[value >> 6] &= ~(1UL << value);

    /// <summary>0 up to, but not, <paramref name="values"/>.</summary>
    public static void Fill(Span<ulong> set, int values)
    {
        for (var k = 0; k < set.Length; k++)
        {
            var left = values - (k << 6);
            set[k] = left >= 64 ? ulong.MaxValue : left <= 0 ? 0 : (1UL << left) - 1;
        }
    }

    public static bool IsEmpty(ReadOnlySpan<ulong> set)
    {
        foreach (var word in set)
        {
            if (word != 0)
            {
                return false;
            }
        }

        return true;
    }

    public static bool Meet(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b)
    {
        for (var k = 0; k < a.Length; k++)
        {
            if ((a[k] & b[k]) != 0)
            {
                return true;
            }
        }

        return false;
    }

    public static bool IsWithin(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b)
    {
        for (var k = 0; k < a.Length; k++)
        {
            if ((a[k] & ~b[k]) != 0)
            {
                return false;
            }
        }

        return true;
    }

    public static void Or(Span<ulong> set, ReadOnlySpan<ulong> with)
    {
        for (var k = 0; k < set.Length; k++)
        {
            set[k] |= with[k];
        }
    }

    public static void And(Span<ulong> set, ReadOnlySpan<ulong> with)
    {
        for (var k = 0; k < set.Length; k++)
        {
            set[k] &= with[k];
        }
    }

    public static void AndNot(Span<ulong> set, ReadOnlySpan<ulong> with)
    {
        for (var k = 0; k < set.Length; k++)
        {
            set[k] &= ~with[k];
        }
    }

    public static int Count(ReadOnlySpan<ulong> set)
    {
        var count = 0;
        foreach (var word in set)
        {
            count += BitOperations.PopCount(word);
        }

        return count;
    }

    /// <summary>The largest member; -1 of an empty set.</summary>
    public static int Highest(ReadOnlySpan<ulong> set)
    {
        for (var k = set.Length - 1; k >= 0; k--)
        {
            if (set[k] != 0)
            {
                return (k << 6) + 63 - BitOperations.LeadingZeroCount(set[k]);
            }
        }

        return -1;
    }

    /// <summary>The smallest member that is at least <paramref name="from"/>; -1 where there is none.</summary>
    public static int Next(ReadOnlySpan<ulong> set, int from)
    {
        var k = from >> 6;
        if (k >= set.Length)
        {
            return -1;
        }

        var word = set[k] & (ulong.MaxValue << from);
        while (word == 0)
        {
            if (++k == set.Length)
            {
                return -1;
            }

            word = set[k];
        }

        return (k << 6) + BitOperations.TrailingZeroCount(word);
    }

    /// <summary>The member that is nearest to a value, the higher of two; the highest where the value is not above 0.</summary>
    public static int Nearest(ReadOnlySpan<ulong> set, int value)
    {
        var above = value > 0 ? Next(set, value) : -1;
        if (above < 0)
        {
            return Highest(set);
        }

        for (var below = value - 1; below > 0 && value - below < above - value; below--)
        {
            if (Has(set, below))
            {
                return below;
            }
        }

        return above;
    }
}
