using Microsoft.Extensions.Logging;
using Tutti.Model.Agents;
using Tutti.Node.Logs;
using Tutti.Node.Protocol;

namespace Tutti.Node.Agent;

/// <summary>Sends logs that somebody asked the server for.</summary>
internal sealed partial class LogStreams(AgentContext agent, InstanceTable table, IInstanceLogs logs) : IAsyncDisposable
{
    /// <summary>Logs sent at the same time; a further request is not served.</summary>
    public const int Most = 32;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Task> _sending = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _ended = new();

    /// <summary>Begins to send one; a stream that is being sent already is not sent twice.</summary>
    public void Serve(LogRequest request)
    {
        lock (_gate)
        {
            if (_sending.ContainsKey(request.Stream))
            {
                return;
            }

            if (_sending.Count >= Most)
            {
                Log.TooMany(agent.Logger, request.Instance, Most);
                return;
            }

            _sending[request.Stream] = Task.Run(() => SendAsync(request));
        }
    }

    /// <summary>Ends all of them.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        Task[] ending;
        lock (_gate)
        {
            ending = [.. _sending.Values];
        }

        await Task.WhenAll(ending);
        _ended.Dispose();
    }

    private async Task SendAsync(LogRequest request)
    {
        try
        {
            var lines = table.Find(request.Instance) is { } supervisor
                ? logs.FollowAsync(supervisor.Key, request.Tail, request.Follow, _ended.Token)
                : AsyncEnumerable.Empty<string>();
            await agent.Client.SendLogAsync(agent.Name, request.Stream, lines, _ended.Token);
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // The agent ends.
        }
        catch (Exception e)
        {
            // Whoever asked has gone, most often; a log that is not sent harms nothing else.
            Log.NotSent(agent.Logger, request.Instance, e.Message);
        }

        lock (_gate)
        {
            _sending.Remove(request.Stream);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1005, LogLevel.Debug, "The log of {Instance} was not sent to its end: {Problem}")]
        public static partial void NotSent(ILogger logger, string instance, string problem);

        [LoggerMessage(1006, LogLevel.Warning, "The log of {Instance} is not sent: {Most} others are being sent")]
        public static partial void TooMany(ILogger logger, string instance, int most);
    }
}
