using System.Diagnostics;
using System.Net;
using Tutti.Model.Traffic;
using Tutti.Node.Upstreams.Loops;

namespace Tutti.Bench.Upstreams;

/// <summary>What one run of the load saw.</summary>
/// <param name="Requests">Answered.</param>
/// <param name="Seconds">How long it ran.</param>
/// <param name="Latencies">In microseconds.</param>
internal sealed record LoadResult(long Requests, double Seconds, List<float> Latencies)
{
    /// <summary>Of the answers' latencies, in milliseconds.</summary>
    public double Quantile(double q)
    {
        Latencies.Sort();
        return Latencies.Count == 0 ? 0 : Latencies[Math.Clamp((int)Math.Ceiling(q * Latencies.Count) - 1, 0, Latencies.Count - 1)] / 1000;
    }

    /// <summary>Several runs as one.</summary>
    public static LoadResult Sum(IReadOnlyCollection<LoadResult> runs) =>
        new(runs.Sum(r => r.Requests), runs.Sum(r => r.Seconds), [.. runs.SelectMany(r => r.Latencies)]);
}

/// <summary>Asks for the same thing over and over, on connections that stay open, one request at a time on each.</summary>
internal sealed class HttpLoad(int port, int connections)
{
    private const int AnswerBytes = 100;

    private static readonly byte[] _request =
        [.. "GET /things/42?with=details HTTP/1.1\r\nHost: 127.0.0.1:20000\r\nUser-Agent: bench/1.0\r\nAccept: application/json\r\nAccept-Encoding: gzip\r\n\r\n"u8];

    private readonly List<float> _latencies = new(1 << 22);
    private readonly Stopwatch _clock = new();
    private EventLoop _loop = null!;
    private TimeSpan _until;
    private int _left;

    /// <summary>Runs it; with a rate each request has its time, and its latency counts from then on, whenever it is really sent.</summary>
    public LoadResult Run(TimeSpan duration, double? rate)
    {
        using var ended = new ManualResetEventSlim();
        _loop = new EventLoop(0);
        _until = duration;
        _left = connections;
        _clock.Start();
        _loop.Post(() =>
        {
            for (var i = 0; i < connections; i++)
            {
                _ = AskAsync(i, rate, ended);
            }
        });
        ended.Wait();
        var seconds = _clock.Elapsed.TotalSeconds;
        _loop.Stop();
        _loop.Ended.Wait();
        return new LoadResult(_latencies.Count, Math.Min(seconds, duration.TotalSeconds), _latencies);
    }

    private async Task AskAsync(int index, double? rate, ManualResetEventSlim ended)
    {
        var socket = await LoopSocket.ConnectAsync(_loop, new IPEndPoint(IPAddress.Loopback, port), TimeSpan.FromSeconds(5))
            ?? throw new InvalidOperationException($"nobody listens on {port}");
        var every = rate is { } all ? TimeSpan.FromSeconds(connections / all) : TimeSpan.Zero;
        var due = TimeSpan.FromSeconds(0.05) + (every * index / connections);
        while (_clock.Elapsed < _until)
        {
            var begun = _clock.Elapsed;
            if (rate is not null)
            {
                while (_clock.Elapsed < due)
                {
                    await _loop.Delay(TimeSpan.FromMilliseconds(Math.Max(0, Math.Floor((due - _clock.Elapsed).TotalMilliseconds))));
                }

                begun = due;
                due += every;
            }

            socket.Send(_request);
            await ReceiveAsync(socket);
            _latencies.Add((float)(_clock.Elapsed - begun).TotalMicroseconds);
        }

        socket.Close();
        if (--_left == 0)
        {
            ended.Set();
        }
    }

    private async ValueTask ReceiveAsync(LoopSocket socket)
    {
        while (true)
        {
            await socket.Readable;
            var count = socket.Receive(_loop.Scratch);
            if (count is 0 or LoopSocket.Broken || (count > 0 && !_loop.Scratch.AsSpan().StartsWith("HTTP/1.1 200"u8)))
            {
                throw new InvalidOperationException("the server or the proxy broke the connection");
            }

            if (count > AnswerBytes)
            {
                return; // Answers fit a packet, and no proxy here splits them.
            }
        }
    }
}
