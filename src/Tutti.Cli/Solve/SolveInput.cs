using Tutti.Cli.CommandLine;
using Tutti.Cli.Output;
using Tutti.Cli.Solve.Reading;

namespace Tutti.Cli.Solve;

/// <summary>The bytes of a file for <c>tutti solve</c>, or of standard input.</summary>
internal static class SolveInput
{
    /// <summary>What stands for standard input on the command line.</summary>
    public const string StandardInput = "-";

    /// <summary>What messages call the file.</summary>
    public static string NameOf(string path) => path == StandardInput ? "standard input" : path;

    /// <summary>Reads it whole.</summary>
    /// <exception cref="CliException">There is no such file, it cannot be read, or it is too large (exit code 2).</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(string path, Terminal terminal, CancellationToken cancellation)
    {
        if (Directory.Exists(path))
        {
            throw CliException.BadInput($"{path} is a folder; name the file in it");
        }

        try
        {
            await using var stream = path == StandardInput ? terminal.OpenIn() : File.OpenRead(path);
            return await ReadAsync(stream, NameOf(path), cancellation);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw CliException.BadInput($"there is no file {path}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw CliException.BadInput($"cannot read {NameOf(path)}: {failure.Message}");
        }
    }

    // Pipes do not tell their length, so the buffer grows with what comes; one byte more than may be shows that there is more.
    private static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream stream, string name, CancellationToken cancellation)
    {
        const int most = SolveFileReader.LongestBytes;
        var known = stream.CanSeek ? (int)Math.Min(stream.Length, most) : 0;
        var buffer = new byte[known + 1];
        var length = 0;
        while (true)
        {
            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min(Math.Max(buffer.Length * 2L, 1 << 16), most + 1L));
            }

            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellation);
            if (read == 0)
            {
                return buffer.AsMemory(0, length);
            }

            length += read;
            if (length > most)
            {
                throw CliException.BadInput($"{name} has more than {Words.Size(most)}, which is the most that is read; leave out releases that cannot be chosen");
            }
        }
    }
}
