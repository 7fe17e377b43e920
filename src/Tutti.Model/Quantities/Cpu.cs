using System.Globalization;
using System.Text.Json.Serialization;

namespace Tutti.Model.Quantities;

/// <summary>An amount of processor time per second, in thousandths of a core. Written <c>250m</c> or <c>0.25</c>.</summary>
[JsonConverter(typeof(CpuJsonConverter))]
public readonly record struct Cpu(long Millis) : IComparable<Cpu>
{
    /// <summary>No processor time.</summary>
    public static readonly Cpu Zero;

    /// <summary>Reads <c>250m</c>, <c>0.25</c> or <c>2</c>; never negative, at most 1,000,000 cores.</summary>
    public static bool TryParse(string? text, out Cpu cpu)
    {
        cpu = default;
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        if (text.EndsWith('m'))
        {
            if (!long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var millis) || millis > 1_000_000_000)
            {
                return false;
            }

            cpu = new Cpu(millis);
            return true;
        }

        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var cores) || cores > 1_000_000)
        {
            return false;
        }

        cpu = new Cpu((long)decimal.Round(cores * 1000));
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(Cpu other) => Millis.CompareTo(other.Millis);

    /// <summary>The manifest's spelling: <c>250m</c>, or whole cores as <c>2</c>.</summary>
    public override string ToString() =>
        Millis % 1000 == 0
            ? (Millis / 1000).ToString(CultureInfo.InvariantCulture)
            : Millis.ToString(CultureInfo.InvariantCulture) + "m";

    /// <summary>Sum of two amounts.</summary>
    public static Cpu operator +(Cpu a, Cpu b) => new(a.Millis + b.Millis);

    /// <summary>Difference of two amounts; may be negative while a node is over-committed.</summary>
    public static Cpu operator -(Cpu a, Cpu b) => new(a.Millis - b.Millis);

    /// <summary>Whether the left amount is the smaller one.</summary>
    public static bool operator <(Cpu a, Cpu b) => a.Millis < b.Millis;

    /// <summary>Whether the left amount is the larger one.</summary>
    public static bool operator >(Cpu a, Cpu b) => a.Millis > b.Millis;

    /// <summary>Whether the left amount is at most the right one.</summary>
    public static bool operator <=(Cpu a, Cpu b) => a.Millis <= b.Millis;

    /// <summary>Whether the left amount is at least the right one.</summary>
    public static bool operator >=(Cpu a, Cpu b) => a.Millis >= b.Millis;
}
