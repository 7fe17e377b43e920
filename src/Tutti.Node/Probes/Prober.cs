using System.Net.Sockets;
using Tutti.Model.Manifest;
using Tutti.Model.Quantities;

namespace Tutti.Node.Probes;

/// <summary>Probes by HTTP, by TCP and by running a command.</summary>
internal sealed class Prober : IProber
{
    private const string Here = "127.0.0.1";

    /// <inheritdoc/>
    public async Task<ProbeResult> ProbeAsync(ProbeTarget target, CancellationToken ct)
    {
        var health = target.Health ?? new HealthSpec();
        var (prompt, asked) = target is { PassedLast: true, Host: Here } ? AskPromptly(target, health) : default;
        if (prompt is { } result)
        {
            return result;
        }

        using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limited.CancelAfter(health.Timeout);
        if (!health.Exec.IsDefaultOrEmpty)
        {
            return await ExecProbe.RunAsync(target, health, ct, limited.Token).ConfigureAwait(false);
        }

        if (health.Http is { } path)
        {
            return await HttpAsync(target, health, path, asked, ct, limited.Token).ConfigureAwait(false);
        }

        var ports = health.Tcp is { } name ? [name] : target.Ports.Keys.ToArray();
        foreach (var port in ports)
        {
            if (!target.Ports.TryGetValue(port, out var number))
            {
                return ProbeResult.Fail($"the health check names port '{port}', which this instance does not have");
            }

            if (await ConnectAsync(target.Host, number, health.Timeout, ct, limited.Token).ConfigureAwait(false) is { } failure)
            {
                return ProbeResult.Fail(failure);
            }
        }

        return ProbeResult.Pass;
    }

    /// <summary>Not for commands, and not where a port is missing: what there is to say then is said in one place.</summary>
    private static (ProbeResult? Result, Socket? Asked) AskPromptly(ProbeTarget target, HealthSpec health)
    {
        if (!health.Exec.IsDefaultOrEmpty)
        {
            return default;
        }

        if (health.Http is { } path)
        {
            return FindHttpPort(target, health) is { } http ? HttpProbe.AskPromptly(http, path) : default;
        }

        if (health.Tcp is not { } name || !target.Ports.TryGetValue(name, out var port))
        {
            return default;
        }

        using var connection = PromptQuestion.Open(port);
        return (connection is null ? null : ProbeResult.Pass, null);
    }

    private static async Task<string?> ConnectAsync(string host, int port, TimeSpan timeout, CancellationToken caller, CancellationToken limited)
    {
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(host, port, limited).ConfigureAwait(false);
            return null;
        }
        catch (OperationCanceledException) when (!caller.IsCancellationRequested)
        {
            return $"connecting to port {port} took longer than {Durations.Format(timeout)}";
        }
        catch (SocketException e)
        {
            return Describe(e, port);
        }
    }

    private static string Describe(SocketException e, int port) => e.SocketErrorCode == SocketError.ConnectionRefused
        ? $"connecting to port {port} was refused"
        : $"connecting to port {port} failed: {e.Message}";

    private static async Task<ProbeResult> HttpAsync(ProbeTarget target, HealthSpec health, string path, Socket? asked, CancellationToken caller, CancellationToken limited)
    {
        if (FindHttpPort(target, health) is not { } port)
        {
            return ProbeResult.Fail(health.Port is { } wanted
                ? $"the health check names port '{wanted}', which this instance does not have"
                : $"GET {path} has no port to ask: name one with health.port");
        }

        return await HttpProbe.AskAsync(target.Host, port, path, asked, health.Timeout, caller, limited).ConfigureAwait(false);
    }

    private static int? FindHttpPort(ProbeTarget target, HealthSpec health)
    {
        if (target.Ports.TryGetValue(health.Port ?? "http", out var port))
        {
            return port;
        }

        return health.Port is null && target.Ports.Count == 1 ? target.Ports.First().Value : null;
    }
}
