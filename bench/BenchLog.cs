using Microsoft.Extensions.Logging;

namespace Tutti.Bench;

/// <summary>Warnings and errors of what is measured, on standard error: a loop that starts again would spoil a figure silently.</summary>
internal static class BenchLog
{
    public static ILogger Create(string category) =>
        LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Warning).AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)).CreateLogger(category);
}
