using Tutti.Cli.Client;
using Tutti.Cli.Output;
using Tutti.Server.Api;

namespace Tutti.Cli.Instances;

/// <summary>Copies logs of instances to the terminal, line by line.</summary>
internal sealed class LogSource(ApiClient api, Terminal terminal, int tail, bool follow)
{
    private readonly Lock _writing = new();

    /// <summary>Copies one log until it ends or, where it is followed, until cancelled; a cancelled one simply ends.</summary>
    public async Task CopyAsync(InstanceDocument instance, string prefix, CancellationToken cancellation)
    {
        try
        {
            using var response = await api.OpenAsync(Routes.Logs(instance.Architecture, instance.Id, tail, follow), "text/plain", cancellation);
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellation));
            while (await reader.ReadLineAsync(cancellation) is { } line)
            {
                lock (_writing)
                {
                    terminal.Out.WriteLine(prefix + line);
                    terminal.Out.Flush();
                }
            }
        }
        catch (OperationCanceledException) when (follow && cancellation.IsCancellationRequested)
        {
            // Ctrl-C is how a person ends following: that is no failure.
        }
        catch (Exception lost) when (lost is IOException or HttpRequestException)
        {
            terminal.Error.WriteLine($"the log of {instance.Id} was cut off: {lost.Message}");
        }
    }
}
