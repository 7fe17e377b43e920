namespace Tutti.Node.Tests.Instances;

/// <summary>A folder of its own, removed at the end.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("tutti-node-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
