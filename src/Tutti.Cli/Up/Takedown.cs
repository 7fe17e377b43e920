using Tutti.Cli.Client;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Operations;
using Tutti.Cli.Output;
using Tutti.Server.Api;

namespace Tutti.Cli.Up;

/// <summary>Takes every architecture of a server down and waits until nothing runs.</summary>
internal sealed class Takedown(ApiClient api, Terminal terminal)
{
    /// <summary>True: nothing runs any more. False: asked to hurry, or it does not get on; what runs is to be stopped at once.</summary>
    public async Task<bool> RunAsync(CancellationToken hurry)
    {
        terminal.Out.WriteLine("taking everything down; Ctrl-C again stops it at once");
        terminal.Out.Flush();
        try
        {
            foreach (var architecture in await api.GetAsync<ArchitectureDocument[]>(Routes.Architectures, hurry))
            {
                await api.DeleteAsync(Routes.Architecture(architecture.Name), hurry);
            }

            return await new DownWait(api, terminal, architecture: null).RunAsync(hurry);
        }
        catch (OperationCanceledException) when (hurry.IsCancellationRequested)
        {
            return false;
        }
        catch (CliException refused)
        {
            terminal.Error.WriteLine($"cannot take everything down in order: {refused.Message}");
            return false;
        }
    }
}
