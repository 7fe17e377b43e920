using System.Globalization;
using System.Text.Json.Serialization;

namespace Tutti.Model.Quantities;

/// <summary>An amount of memory or disk, in bytes. Written <c>128Mi</c>, <c>10Gi</c>, <c>512Ki</c> or plain bytes.</summary>
[JsonConverter(typeof(ByteSizeJsonConverter))]
public readonly record struct ByteSize(long Bytes) : IComparable<ByteSize>
{
    private static readonly (string Suffix, long Factor)[] _units = [("Ti", 1L << 40), ("Gi", 1L << 30), ("Mi", 1L << 20), ("Ki", 1L << 10)];

    /// <summary>Nothing.</summary>
    public static readonly ByteSize Zero;

    /// <summary>This many mebibytes.</summary>
    public static ByteSize FromMebibytes(long mebibytes) => new(mebibytes << 20);

    /// <summary>Reads a whole or decimal number with <c>Ki</c>, <c>Mi</c>, <c>Gi</c> or <c>Ti</c>, or plain bytes; at most 1 EiB.</summary>
    public static bool TryParse(string? text, out ByteSize size)
    {
        size = default;
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        var factor = 1L;
        var digits = text.AsSpan();
        foreach (var (suffix, unit) in _units)
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal))
            {
                factor = unit;
                digits = digits[..^2];
                break;
            }
        }

        if (!decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            || value > (decimal)(1L << 60) / factor)
        {
            return false;
        }

        size = new ByteSize((long)decimal.Round(value * factor));
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(ByteSize other) => Bytes.CompareTo(other.Bytes);

    /// <summary>The manifest's spelling in the largest unit that divides it evenly: <c>128Mi</c>.</summary>
    public override string ToString()
    {
        foreach (var (suffix, unit) in _units)
        {
            if (Bytes != 0 && Bytes % unit == 0)
            {
                return (Bytes / unit).ToString(CultureInfo.InvariantCulture) + suffix;
            }
        }

        return Bytes.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Sum of two sizes.</summary>
    public static ByteSize operator +(ByteSize a, ByteSize b) => new(a.Bytes + b.Bytes);

    /// <summary>Difference of two sizes; may be negative while a node is over-committed.</summary>
    public static ByteSize operator -(ByteSize a, ByteSize b) => new(a.Bytes - b.Bytes);

    /// <summary>Whether the left size is the smaller one.</summary>
    public static bool operator <(ByteSize a, ByteSize b) => a.Bytes < b.Bytes;

    /// <summary>Whether the left size is the larger one.</summary>
    public static bool operator >(ByteSize a, ByteSize b) => a.Bytes > b.Bytes;

    /// <summary>Whether the left size is at most the right one.</summary>
    public static bool operator <=(ByteSize a, ByteSize b) => a.Bytes <= b.Bytes;

    /// <summary>Whether the left size is at least the right one.</summary>
    public static bool operator >=(ByteSize a, ByteSize b) => a.Bytes >= b.Bytes;
}
