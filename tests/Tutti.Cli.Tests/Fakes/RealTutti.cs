using System.Diagnostics;

namespace Tutti.Cli.Tests.Fakes;

/// <summary>The program as a process of its own.</summary>
internal static class RealTutti
{
    public static async Task<(int Code, string Error)> RunAsync(params IEnumerable<string> args)
    {
        using var process = Start(args);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        await output;
        return (process.ExitCode, await error);
    }

    private static Process Start(IEnumerable<string> args)
    {
        var dll = typeof(Cli.CommandLine.Commands).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", [dll, .. args]) { RedirectStandardOutput = true, RedirectStandardError = true };
        return Process.Start(start)!;
    }
}
