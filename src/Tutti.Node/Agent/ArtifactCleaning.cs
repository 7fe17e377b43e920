using Microsoft.Extensions.Logging;
using Tutti.Node.Artifacts;

namespace Tutti.Node.Agent;

/// <summary>Now and then removes unpacked artifacts that nothing on this node uses any more.</summary>
internal sealed partial class ArtifactCleaning(AgentContext agent, InstanceTable table, IArtifactCache artifacts)
{
    /// <summary>Goes on until cancelled. The first time is a while after the start, when all there is has been adopted.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await Task.Delay(ArtifactLimits.CleanEvery, agent.Time, cancellation);
            try
            {
                artifacts.Clean(table.Artifacts);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Log.CannotClean(agent.Logger, e.Message);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1012, LogLevel.Warning, "Artifacts that are no longer used cannot be removed: {Problem}")]
        public static partial void CannotClean(ILogger logger, string problem);
    }
}
