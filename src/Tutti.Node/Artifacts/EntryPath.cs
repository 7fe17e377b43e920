using System.Text;

namespace Tutti.Node.Artifacts;

/// <summary>Decides which paths and links an artifact may hold.</summary>
internal static class EntryPath
{
    /// <summary>Reads an entry's path into its parts; empty for the artifact's own folder (<c>./</c>).</summary>
    /// <exception cref="ArtifactException">It leads out, is absolute, or is too long.</exception>
    public static string[] Parse(string path)
    {
        if (path.StartsWith('/'))
        {
            throw new ArtifactException($"'{path}' is an absolute path");
        }

        if (path.Contains('\0') || Encoding.UTF8.GetByteCount(path) > ArtifactLimits.PathBytes)
        {
            throw new ArtifactException($"the path '{Shorten(path)}' is longer than {ArtifactLimits.PathBytes} bytes or holds a NUL character");
        }

        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(p => p != ".").ToArray();
        if (parts.Contains(".."))
        {
            throw new ArtifactException($"'{path}' leads out of the artifact's folder or may do so ('..')");
        }

        return Array.Find(parts, p => Encoding.UTF8.GetByteCount(p) > ArtifactLimits.NameBytes) is { } name
            ? throw new ArtifactException($"the name '{Shorten(name)}' is longer than {ArtifactLimits.NameBytes} bytes")
            : parts;
    }

    /// <summary>Checks where a symbolic link leads. <c>..</c> may only stand at its beginning: after a name that is itself a link, it would not
    /// lead where it seems to. So, as every link starts in a real folder, following any chain of them stays inside.</summary>
    /// <exception cref="ArtifactException">It leads out, or may do so.</exception>
    public static void CheckLink(string path, int depth, string target)
    {
        if (target.Length == 0 || target.StartsWith('/') || target.Contains('\0') || Encoding.UTF8.GetByteCount(target) > ArtifactLimits.PathBytes)
        {
            throw new ArtifactException($"the link '{path}' leads to '{Shorten(target)}', which is not a relative path inside the artifact");
        }

        var up = 0;
        var named = false;
        foreach (var part in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(p => p != "."))
        {
            if (part != "..")
            {
                named = true;
                continue;
            }

            if (named)
            {
                throw new ArtifactException($"the link '{path}' leads to '{target}', which has '..' after a name; write its shortest form");
            }

            if (++up > depth)
            {
                throw new ArtifactException($"the link '{path}' leads to '{target}', out of the artifact's folder");
            }
        }
    }

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..80] + "…";
}
