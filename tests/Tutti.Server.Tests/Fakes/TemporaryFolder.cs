namespace Tutti.Server.Tests.Fakes;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("tutti-server-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
