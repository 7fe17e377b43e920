using System.Text;

namespace Tutti.Node.Logs;

/// <summary>Cuts a stream of bytes into lines. What is longer than the cap is left out; bytes that are not UTF-8 become U+FFFD.</summary>
internal sealed class LineSplitter
{
    /// <summary>Longest line, in bytes.</summary>
    public const int LongestLineBytes = 16 * 1024;

    private readonly byte[] _line = new byte[LongestLineBytes];
    private int _length;
    private bool _begun;

    /// <summary>Adds the lines that these bytes complete.</summary>
    public void Add(ReadOnlySpan<byte> bytes, ICollection<string> lines)
    {
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOf((byte)'\n');
            var part = end < 0 ? bytes : bytes[..end];
            var taken = Math.Min(part.Length, _line.Length - _length);
            part[..taken].CopyTo(_line.AsSpan(_length));
            _length += taken;
            _begun = true;
            if (end < 0)
            {
                return;
            }

            lines.Add(Take());
            bytes = bytes[(end + 1)..];
        }
    }

    /// <summary>The last line where it has no end; null where there is none.</summary>
    public string? Rest() => _begun ? Take() : null;

    private string Take()
    {
        var text = _line.AsSpan(0, _length);
        if (text.EndsWith("\r"u8))
        {
            text = text[..^1];
        }

        _length = 0;
        _begun = false;
        return Encoding.UTF8.GetString(text);
    }
}
