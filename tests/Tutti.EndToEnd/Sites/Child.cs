using System.Diagnostics;

namespace Tutti.EndToEnd.Sites;

/// <summary>A tutti that runs beside the test: up, a server or an agent. What it says goes to a file, which outlives it.</summary>
internal sealed class Child : IDisposable
{
    private readonly Process _process;

    private Child(Process process, string name, string log) => (_process, Name, Log) = (process, name, log);

    /// <summary>What it is called in reports.</summary>
    public string Name { get; }

    /// <summary>Its output.</summary>
    public string Log { get; }

    public int Pid => _process.Id;

    public bool HasEnded => _process.HasExited;

    /// <summary>Starts it; the shell only opens the log and is then replaced by the program, which keeps its pid.</summary>
    public static Child Start(ProcessStartInfo program, string name, string log)
    {
        string[] shell = ["-c", "log=$1; shift; exec \"$@\" </dev/null >\"$log\" 2>&1", "sh", log, program.FileName];
        foreach (var (index, word) in shell.Index())
        {
            program.ArgumentList.Insert(index, word);
        }

        program.FileName = "/bin/sh";
        return new Child(Process.Start(program)!, name, log);
    }

    /// <summary>What it has said so far.</summary>
    public string Said() => File.Exists(Log) ? File.ReadAllText(Log) : "";

    /// <summary>kill -9, and waits until it is gone. One that has ended is left alone: its pid may be somebody else's by now.</summary>
    public async Task Kill9Async()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Waits for its end and returns its exit code.</summary>
    public async Task<int> EndAsync(TimeSpan? within = null)
    {
        await Until.TrueAsync($"{Name} ends", () => HasEnded, within);
        return _process.ExitCode;
    }

    public void Dispose() => _process.Dispose();
}
