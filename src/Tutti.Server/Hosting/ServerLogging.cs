using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Tutti.Server.Hosting;

/// <summary>Where the server's log goes: warnings to standard error; everything with <c>TUTTI_LOG=debug</c>.</summary>
internal static class ServerLogging
{
    public static ILoggerFactory Create()
    {
        var debug = string.Equals(Environment.GetEnvironmentVariable("TUTTI_LOG"), "debug", StringComparison.OrdinalIgnoreCase);
        return LoggerFactory.Create(logging => logging
            .SetMinimumLevel(debug ? LogLevel.Debug : LogLevel.Warning)
            // A start that fails is told once, in words, by whoever asked for it.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", debug ? LogLevel.Debug : LogLevel.None)
            .AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
                console.UseUtcTimestamp = true;
                console.ColorBehavior = LoggerColorBehavior.Disabled;
            })
            .Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
    }
}
