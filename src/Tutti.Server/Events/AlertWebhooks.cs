using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;
using Polly.Timeout;
using Tutti.Control.State;
using Tutti.Model;

namespace Tutti.Server.Events;

/// <summary>Posts every alert to its service's webhook, at least once, beside everything else: a dead receiver holds up nobody.</summary>
/// <remarks>The sequence up to which all alerts are done is kept in a file. The header <c>Tutti-Event</c> carries an alert's sequence, so that a receiver can tell a repetition.</remarks>
internal sealed partial class AlertWebhooks : IDisposable
{
    private const int MostUnderWay = 64;
    private static readonly JournalFilter _any = new(null, null);

    private readonly ClusterView _view;
    private readonly string _file;
    private readonly ILogger _logger;
    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30) }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly ResiliencePipeline<HttpResponseMessage> _retries;
    private readonly SemaphoreSlim _room = new(MostUnderWay);
    private readonly Lock _gate = new();
    private readonly SortedSet<long> _underWay = [];
    private long _seen;

    /// <param name="view">Where alerts come from.</param>
    /// <param name="file">Keeps the sequence.</param>
    /// <param name="firstWait">Wait before the second attempt; doubles with each of four.</param>
    /// <param name="logger">Hears of alerts that could not be delivered.</param>
    public AlertWebhooks(ClusterView view, string file, TimeSpan firstWait, ILogger logger)
    {
        (_view, _file, _logger) = (view, file, logger);
        _retries = new ResiliencePipelineBuilder<HttpResponseMessage>()
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = 4,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = firstWait,
                ShouldHandle = static outcome => ValueTask.FromResult(
                    outcome.Outcome.Exception is HttpRequestException or TimeoutRejectedException || outcome.Outcome.Result is { IsSuccessStatusCode: false }),
                OnRetry = static attempt =>
                {
                    attempt.Outcome.Result?.Dispose();
                    return ValueTask.CompletedTask;
                },
            })
            .AddTimeout(TimeSpan.FromSeconds(10))
            .Build();
    }

    /// <summary>Runs until the view is closed or the server stops.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            var last = _view.Read((state, _) => Journal.LastSequence(state));
            _seen = Math.Min(ReadPosition() ?? last, last);
            WritePosition(_seen);
            while (await FollowAsync(stopping))
            {
                // It fell behind: what it missed is read from the journal.
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What is under way is delivered after the next start.
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<bool> FollowAsync(CancellationToken stopping)
    {
        var (missed, subscription) = _view.ReadAndSubscribe((state, _) => Journal.After(state, _any, _seen, int.MaxValue));
        using (subscription)
        {
            try
            {
                await TakeAsync(missed, stopping);
                while (await subscription.Batches.WaitToReadAsync(stopping))
                {
                    while (subscription.Batches.TryRead(out var batch))
                    {
                        await TakeAsync(batch.Changes.Where(change => change.Before is null).Select(change => change.After).OfType<Event>(), stopping);
                    }
                }

                return false;
            }
            catch (WatcherTooSlowException)
            {
                return true;
            }
        }
    }

    private async Task TakeAsync(IEnumerable<Event> lines, CancellationToken stopping)
    {
        foreach (var line in lines)
        {
            var url = line.Kind == EventKind.Alert ? WebhookOf(line) : null;
            lock (_gate)
            {
                _seen = Math.Max(_seen, line.Sequence);
                if (url is not null)
                {
                    _underWay.Add(line.Sequence);
                }
            }

            if (url is not null)
            {
                await _room.WaitAsync(stopping);
                _ = DeliverAsync(line, url, stopping);
            }
        }
    }

    private string? WebhookOf(Event line) => line is { Architecture: { } architecture, Service: { } service }
        ? _view.Read((state, _) => state.Architectures.Find(architecture) is { } found
            ? state.Set(architecture, found.CurrentSet)?.Spec.Services.GetValueOrDefault(service)?.Recover.Webhook
            : null)
        : null;

    private async Task DeliverAsync(Event line, string url, CancellationToken stopping)
    {
        try
        {
            using var response = await _retries.ExecuteAsync(async cancellation =>
            {
                using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(line, TuttiJson.Options));
                content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                content.Headers.Add("Tutti-Event", line.Sequence.ToString(CultureInfo.InvariantCulture));
                return await _http.PostAsync(url, content, cancellation);
            }, stopping);
            if (!response.IsSuccessStatusCode)
            {
                Log.Undelivered(_logger, line.Sequence, line.Service, url, $"it answered {(int)response.StatusCode}");
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutRejectedException or UriFormatException or InvalidOperationException)
        {
            Log.Undelivered(_logger, line.Sequence, line.Service, url, e.Message);
        }
        finally
        {
            _room.Release();
        }

        Done(line.Sequence);
    }

    private void Done(long sequence)
    {
        lock (_gate)
        {
            _underWay.Remove(sequence);
            WritePosition(_underWay.Count > 0 ? _underWay.Min - 1 : _seen);
        }
    }

    private long? ReadPosition() =>
        File.Exists(_file) && long.TryParse(File.ReadAllText(_file).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position : null;

    private void WritePosition(long position)
    {
        try
        {
            var next = _file + ".next";
            File.WriteAllText(next, position.ToString(CultureInfo.InvariantCulture));
            File.Move(next, _file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Without the position some alerts come twice after a restart, which receivers can tell; none is lost.
            Log.PositionLost(_logger, _file, e.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1004, LogLevel.Warning, "alert {Sequence} of service {Service} could not be delivered to {Url}: {Reason}")]
        public static partial void Undelivered(ILogger logger, long sequence, string? service, string url, string reason);

        [LoggerMessage(1005, LogLevel.Warning, "the position of the alert webhooks could not be kept in {File}: {Reason}")]
        public static partial void PositionLost(ILogger logger, string file, string reason);
    }
}
