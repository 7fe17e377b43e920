using System.Diagnostics;

namespace Tutti.Server.Tests.Fakes;

/// <summary>A file system of its own with little room, in memory. Needs the right to mount.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const int Block = 64 * 1024;

    private readonly TemporaryFolder _folder = new();

    /// <summary>Skips the test where mounting is not permitted.</summary>
    public SmallDisk(int mebibytes)
    {
        Path = System.IO.Path.Combine(_folder.Path, "disk");
        Directory.CreateDirectory(Path);
        if (Run("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m", "tmpfs", Path) is { } refusal)
        {
            _folder.Dispose();
            Assert.Skip($"a small disk cannot be mounted here: {refusal}");
        }
    }

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    private string Filler => System.IO.Path.Combine(Path, "filler");

    /// <summary>Takes all the room there is.</summary>
    public void Fill()
    {
        using var filler = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var size = Block; size > 0;)
        {
            try
            {
                filler.Write(new byte[size]);
            }
            catch (IOException)
            {
                // This much no longer fits; less may.
                size /= 2;
            }
        }
    }

    /// <summary>Gives it back.</summary>
    public void Free() => File.Delete(Filler);

    public void Dispose()
    {
        Run("umount", Path);
        _folder.Dispose();
    }

    /// <returns>What it said where it failed; null: it did not.</returns>
    private static string? Run(params string[] command)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true })!;
            var said = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : said.Trim();
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return missing.Message;
        }
    }
}
