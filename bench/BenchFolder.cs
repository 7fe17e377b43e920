namespace Tutti.Bench;

/// <summary>A folder on the disk that is measured, removed afterwards.</summary>
/// <remarks>Not the system's temporary folder: that is memory on many machines, and memory needs no fdatasync.</remarks>
internal sealed class BenchFolder : IDisposable
{
    public BenchFolder(string name) =>
        Path = Directory.CreateDirectory(System.IO.Path.Combine(Environment.CurrentDirectory, $"bench-{name}-{Environment.ProcessId}")).FullName;

    public string Path { get; }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
