using System.Buffers.Binary;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Tutti.Server.Dns;

/// <summary>Answers queries over TCP (RFC 7766): several on a connection, each with its length before it, answered in order.</summary>
internal sealed partial class TcpService(Socket listener, Responder responder, ILogger logger)
{
    /// <summary>Most connections at a time; one more is closed at once.</summary>
    public const int MaxConnections = 128;

    /// <summary>How long a connection may wait for the next whole query, or for its answer to be taken.</summary>
    public static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan _pauseAfterFailure = TimeSpan.FromMilliseconds(10);
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _open = [];

    /// <summary>Accepts until cancelled, then waits for the connections to end.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                Serve(await listener.AcceptAsync(cancellation), cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                break;
            }
            catch (SocketException failure)
            {
                // The caller went away before it was accepted, or the process is out of descriptors: neither ends the service.
                Log.Failed(logger, failure.Message);
                await Task.Delay(_pauseAfterFailure, CancellationToken.None);
            }
        }

        Task[] open;
        lock (_gate)
        {
            open = [.. _open];
        }

        await Task.WhenAll(open);
    }

    private void Serve(Socket connection, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_open.Count >= MaxConnections)
            {
                connection.Dispose();
                Log.Full(logger, MaxConnections);
                return;
            }

            var task = Task.Run(() => TalkAsync(connection, cancellation), CancellationToken.None);
            _open.Add(task);
            _ = task.ContinueWith(Ended, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private void Ended(Task task)
    {
        lock (_gate)
        {
            _open.Remove(task);
        }
    }

    private async Task TalkAsync(Socket connection, CancellationToken cancellation)
    {
        using var owned = connection;
        using var stream = new NetworkStream(connection, ownsSocket: false);
        using var idle = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var writer = new ResponseWriter();
        try
        {
            connection.NoDelay = true;
            while (true)
            {
                idle.CancelAfter(IdleTimeout);
                if (await ReadAsync(stream, idle.Token) is not { } query || !responder.TryAnswer(query, overTcp: true, writer))
                {
                    return;
                }

                // Length and message in one write, or some askers take the length for the whole (RFC 7766, 8).
                var answer = new byte[sizeof(ushort) + writer.Written.Length];
                BinaryPrimitives.WriteUInt16BigEndian(answer, (ushort)writer.Written.Length);
                writer.Written.CopyTo(answer.AsMemory(sizeof(ushort)));
                idle.CancelAfter(IdleTimeout);
                await stream.WriteAsync(answer, idle.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Idle for too long, or the server stops: closing the connection is the answer to both.
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            Log.Failed(logger, failure.Message);
        }
    }

    private static async Task<byte[]?> ReadAsync(NetworkStream stream, CancellationToken cancellation)
    {
        var prefix = new byte[sizeof(ushort)];
        if (await stream.ReadAtLeastAsync(prefix, prefix.Length, throwOnEndOfStream: false, cancellation) < prefix.Length)
        {
            return null;
        }

        var query = new byte[BinaryPrimitives.ReadUInt16BigEndian(prefix)];
        return await stream.ReadAtLeastAsync(query, query.Length, throwOnEndOfStream: false, cancellation) < query.Length ? null : query;
    }

    private static partial class Log
    {
        [LoggerMessage(1205, LogLevel.Debug, "DNS lost a connection: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);

        [LoggerMessage(1206, LogLevel.Warning, "DNS closed a new TCP connection: {Limit} are open already")]
        public static partial void Full(ILogger logger, int limit);
    }
}
