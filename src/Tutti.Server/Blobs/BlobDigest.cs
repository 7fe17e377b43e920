using System.Diagnostics.CodeAnalysis;

namespace Tutti.Server.Blobs;

/// <summary>Content hash that names a blob: <c>sha256:</c> and 64 lower-case hex digits, nothing else, so that it is safe as a file name.</summary>
internal sealed record BlobDigest
{
    private const string Prefix = "sha256:";

    private BlobDigest(string hex) => Hex = hex;

    public string Hex { get; }

    public static bool TryParse(string? text, [NotNullWhen(true)] out BlobDigest? digest)
    {
        digest = text is { Length: 71 } && text.StartsWith(Prefix, StringComparison.Ordinal) && !text.AsSpan(Prefix.Length).ContainsAnyExcept("0123456789abcdef")
            ? new BlobDigest(text[Prefix.Length..])
            : null;
        return digest is not null;
    }

    public override string ToString() => Prefix + Hex;
}
