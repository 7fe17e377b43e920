using System.Runtime.InteropServices;
using System.Text;
using Tutti.Model.Manifest;
using Tutti.Model.Quantities;
using Tutti.Node.Runtimes;

namespace Tutti.Node.Probes;

/// <summary>Runs a command and asks its exit code; keeps the end of its standard error in memory.</summary>
internal static class ExecProbe
{
    private const uint MemoryFileCloseOnExec = 1;
    private const int ErrorBytes = 2048;
    private const int LineCharacters = 300;

    public static async Task<ProbeResult> RunAsync(ProbeTarget target, HealthSpec health, CancellationToken caller, CancellationToken limited)
    {
        caller.ThrowIfCancellationRequested();
        var name = $"exec '{string.Join(' ', health.Exec)}'";
        var errors = Libc.MemoryFile("tutti-probe", MemoryFileCloseOnExec);
        if (errors < 0)
        {
            return ProbeResult.Fail($"{name} cannot run: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        try
        {
            var program = CommandLookup.Find(health.Exec[0], target.Environment.GetValueOrDefault("PATH"), target.WorkingFolder);
            var pid = Spawner.Start(new Spawn
            {
                Command = health.Exec.SetItem(0, program),
                Environment = target.Environment,
                WorkingFolder = target.WorkingFolder,
                OutputFile = "/dev/null",
                ErrorDescriptor = errors,
            });
            return await FinishAsync(pid, name, errors, health, caller, limited).ConfigureAwait(false);
        }
        catch (LaunchException e)
        {
            return ProbeResult.Fail($"{name} cannot run: {e.Message}");
        }
        finally
        {
            Libc.Close(errors);
        }
    }

    private static async Task<ProbeResult> FinishAsync(
        int pid, string name, int errors, HealthSpec health, CancellationToken caller, CancellationToken limited)
    {
        var start = ProcessTable.Read(pid)?.StartTicks ?? 0;
        var exited = ExitWatcher.Shared.Watch(pid, start, spawned: true) ?? throw new LaunchException("watching processes needs Linux 5.4 or newer (pidfd_open)");
        ExitStatus? status = null;
        try
        {
            status = await exited.WaitAsync(limited).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!caller.IsCancellationRequested)
        {
            // Its time is up: it is killed below and reported as slow.
        }
        finally
        {
            Libc.Kill(-pid, Signals.Kill); // Whatever it started ends with it.
        }

        if (status is null)
        {
            return ProbeResult.Fail($"{name} took longer than {Durations.Format(health.Timeout)}");
        }

        if (status.Code == 0)
        {
            return ProbeResult.Pass;
        }

        var line = LastLine(errors);
        var how = status.Signal is { } signal ? $"was killed by signal {signal}" : $"exited with {status.Code}";
        return ProbeResult.Fail($"{name} {how}{(line.Length > 0 ? ": " + line : "")}");
    }

    private static unsafe string LastLine(int descriptor)
    {
        using var handle = new Microsoft.Win32.SafeHandles.SafeFileHandle(descriptor, ownsHandle: false);
        var length = RandomAccess.GetLength(handle);
        Span<byte> buffer = stackalloc byte[ErrorBytes];
        var read = RandomAccess.Read(handle, buffer, Math.Max(0, length - ErrorBytes));
        var lines = Encoding.UTF8.GetString(buffer[..read]).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length == 0 ? "" : lines[^1].Length > LineCharacters ? lines[^1][..LineCharacters] : lines[^1];
    }
}
