using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Tutti.Server.Dns;

/// <summary>A domain name: at most 127 labels of 1 to 63 bytes, at most 255 bytes on the wire (RFC 1035, 2.3.4). One character of a label is one byte.
/// Spelling is kept; comparison ignores the case of ASCII letters only (RFC 4343).</summary>
internal sealed class DnsName : IEquatable<DnsName>
{
    /// <summary>Longest label in bytes.</summary>
    public const int MaxLabel = 63;

    /// <summary>Longest name on the wire in bytes, length bytes and the root's zero included.</summary>
    public const int MaxWireLength = 255;

    /// <summary>The root.</summary>
    public static readonly DnsName Root = new([]);

    private DnsName(ImmutableArray<string> labels) => Labels = labels;

    /// <summary>Leftmost first, without the root.</summary>
    public ImmutableArray<string> Labels { get; }

    /// <summary>A name of these labels; null where one is empty or too long, not single-byte, or the whole is too long.</summary>
    public static DnsName? Of(ImmutableArray<string> labels)
    {
        var length = 1;
        foreach (var label in labels)
        {
            if (label.Length is 0 or > MaxLabel || label.Any(character => character > '\u00ff'))
            {
                return null;
            }

            length += 1 + label.Length;
        }

        return length <= MaxWireLength ? new DnsName(labels) : null;
    }

    /// <summary>Reads a host name such as <c>tax.example</c>, with or without the dot at its end; escapes are not known.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out DnsName? name)
    {
        var trimmed = text.EndsWith('.') ? text[..^1] : text;
        name = text is "." ? Root : Of([.. trimmed.Split('.')]);
        return name is not null;
    }

    /// <summary>This name below another; null where that would be too long.</summary>
    public static DnsName? Under(DnsName parent, params ReadOnlySpan<string> labels) => Of([.. labels, .. parent.Labels]);

    /// <summary>The name without its first labels, spelled as here.</summary>
    public DnsName Ancestor(int labelsToDrop) => new(Labels[labelsToDrop..]);

    /// <inheritdoc/>
    public bool Equals(DnsName? other) =>
        other is not null && Labels.Length == other.Labels.Length && Labels.Zip(other.Labels).All(pair => Same(pair.First, pair.Second));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DnsName);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var label in Labels)
        {
            foreach (var character in label)
            {
                hash.Add(Fold(character));
            }

            hash.Add('.');
        }

        return hash.ToHashCode();
    }

    /// <summary>With the dot at its end; bytes outside printable ASCII, dots and backslashes escaped (RFC 1035, 5.1).</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var label in Labels)
        {
            foreach (var character in label)
            {
                _ = character switch
                {
                    '.' or '\\' => text.Append('\\').Append(character),
                    > ' ' and < '\u007f' => text.Append(character),
                    _ => text.Append('\\').Append(((int)character).ToString("D3", System.Globalization.CultureInfo.InvariantCulture)),
                };
            }

            text.Append('.');
        }

        return text.Length == 0 ? "." : text.ToString();
    }

    private static char Fold(char character) => char.IsAsciiLetterUpper(character) ? (char)(character | 0x20) : character;

    // Ascii.EqualsIgnoreCase would answer false for any byte above 127, which a label may hold.
    private static bool Same(string left, string right)
    {
        if (left.Length != right.Length)
        {
            return false;
        }

        for (var i = 0; i < left.Length; i++)
        {
            if (Fold(left[i]) != Fold(right[i]))
            {
                return false;
            }
        }

        return true;
    }
}
