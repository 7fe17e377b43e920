using System.Net;
using System.Net.Sockets;
using System.Text;
using Tutti.Model.Quantities;

namespace Tutti.Node.Probes;

/// <summary>Asks an instance over HTTP/1.1 and reads no further than the status line.</summary>
/// <remarks>On a socket of its own and not through HttpClient: every probe needs a new connection, since whether the instance still accepts
/// is part of the question, and HttpClient spends several times what the probe itself costs on setting one up.
/// Source of the format: RFC 9112, sections 3 and 4.</remarks>
internal static class HttpProbe
{
    /// <summary>A status line, and any interim answers before it, that are longer than this are no answer.</summary>
    private const int MostBytes = 4096;

    /// <summary>Asks once, without leaving the calling thread.</summary>
    /// <returns>The result; or, where the answer is not there yet, the connection on which it will come; or neither, where it has to be asked anew.</returns>
    public static (ProbeResult? Result, Socket? Asked) AskPromptly(int port, string path)
    {
        using var question = PromptQuestion.Open(port);
        if (question is null || !Uri.TryCreate($"http://127.0.0.1:{port}{path}", UriKind.Absolute, out var url) || !question.Ask(Request(url)))
        {
            return (null, null);
        }

        Span<byte> answer = stackalloc byte[512];
        answer = answer[..question.Hear(answer)];
        if (answer.IsEmpty)
        {
            return (null, question.ToSocket());
        }

        // An answer in pieces, or none of HTTP, is the patient way's to judge.
        return Parse(answer, out var status) && status is { } known ? (Judge(known, port, path), null) : (null, null);
    }

    /// <summary>Asks once.</summary>
    /// <param name="host">Host name or IP.</param>
    /// <param name="port">Port.</param>
    /// <param name="path">Path and query.</param>
    /// <param name="asked">A connection on which the question was already put; null: a new one.</param>
    /// <param name="timeout">What <paramref name="limited"/> allows, to be told.</param>
    /// <param name="caller">Calls it off.</param>
    /// <param name="limited">Ends it when the time is over, or it is called off.</param>
    public static async Task<ProbeResult> AskAsync(string host, int port, string path, Socket? asked, TimeSpan timeout, CancellationToken caller, CancellationToken limited)
    {
        try
        {
            using var socket = asked ?? await ConnectAsync(host, port, limited).ConfigureAwait(false);
            if (asked is null)
            {
                var authority = host.Contains(':') ? $"[{host}]:{port}" : $"{host}:{port}";
                await SendAsync(socket, Request(new Uri($"http://{authority}{path}")), limited).ConfigureAwait(false);
            }

            return await StatusAsync(socket, limited).ConfigureAwait(false) is { } status
                ? Judge(status, port, path)
                : ProbeResult.Fail($"GET {path} on port {port} failed: the answer is not HTTP, or ended before its status");
        }
        catch (OperationCanceledException) when (!caller.IsCancellationRequested)
        {
            return ProbeResult.Fail($"GET {path} took longer than {Durations.Format(timeout)}");
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return ProbeResult.Fail($"connecting to port {port} was refused");
        }
        catch (Exception e) when (e is SocketException or UriFormatException)
        {
            return ProbeResult.Fail($"GET {path} on port {port} failed: {e.Message}");
        }
    }

    private static ProbeResult Judge(int status, int port, string path) =>
        status is >= 200 and <= 399 ? ProbeResult.Pass : ProbeResult.Fail($"GET {path} on port {port} answered {status}");

    private static byte[] Request(Uri url) => Encoding.ASCII.GetBytes(
        $"GET {url.PathAndQuery} HTTP/1.1\r\nHost: {url.Host}:{url.Port}\r\nUser-Agent: tutti-probe\r\nAccept: */*\r\nConnection: close\r\n\r\n");

    private static async Task<Socket> ConnectAsync(string host, int port, CancellationToken limited)
    {
        var address = IPAddress.TryParse(host, out var parsed) ? parsed : null;
        var socket = address is null ? new Socket(SocketType.Stream, ProtocolType.Tcp) : new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.NoDelay = true;
            await (address is null ? socket.ConnectAsync(host, port, limited) : socket.ConnectAsync(new IPEndPoint(address, port), limited)).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> request, CancellationToken limited)
    {
        while (!request.IsEmpty)
        {
            request = request[await socket.SendAsync(request, limited).ConfigureAwait(false)..];
        }
    }

    /// <summary>The final status; null where none comes.</summary>
    private static async Task<int?> StatusAsync(Socket socket, CancellationToken limited)
    {
        var buffer = new byte[MostBytes];
        var filled = 0;
        while (filled < buffer.Length)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(filled), limited).ConfigureAwait(false);
            if (read == 0)
            {
                return null;
            }

            filled += read;
            if (Parse(buffer.AsSpan(0, filled), out var status))
            {
                return status;
            }
        }

        return null;
    }

    /// <returns>Whether enough has come to tell; the status is null where this is not HTTP.</returns>
    private static bool Parse(ReadOnlySpan<byte> answer, out int? status)
    {
        status = null;
        while (true)
        {
            var end = answer.IndexOf((byte)'\n');
            if (end < 0)
            {
                return false;
            }

            var line = answer[..end];
            if (!line.StartsWith("HTTP/1."u8) || line.Length < 12 || line[8] != ' '
                || !int.TryParse(line.Slice(9, 3), out var code) || code < 100)
            {
                return true;
            }

            if (code >= 200)
            {
                status = code;
                return true;
            }

            // An interim answer (RFC 9110, section 15.2): the real one follows its empty line.
            var over = answer.IndexOf("\r\n\r\n"u8);
            if (over < 0)
            {
                return false;
            }

            answer = answer[(over + 4)..];
        }
    }
}
