namespace Tutti.Node.Tests.Runtimes;

/// <summary>A folder of one test, removed with everything in it.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("tutti-node-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public string Write(string name, string text, bool executable = false)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[name])!);
        File.WriteAllText(this[name], text);
        if (executable && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(this[name], File.GetUnixFileMode(this[name]) | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        return this[name];
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>Waits for conditions, never for times.</summary>
internal static class Eventually
{
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(20);

    public static async Task True(Func<bool> condition, string what)
    {
        using var deadline = new CancellationTokenSource(_deadline);
        while (!condition())
        {
            Assert.False(deadline.IsCancellationRequested, $"never happened: {what}");
            await Task.Delay(5);
        }
    }

    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(_deadline);

    public static Task Soon(this Task task) => task.WaitAsync(_deadline);
}
