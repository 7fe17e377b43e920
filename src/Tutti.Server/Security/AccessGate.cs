using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Tutti.Server.Api;

namespace Tutti.Server.Security;

/// <summary>Marks endpoints that are for agents only.</summary>
internal sealed record NeedsToken;

/// <summary>Who may ask what. On loopback people need no sign-in, but a web page of somebody else must not reach the API through
/// their browser: the Host must be a name of this machine itself (against DNS rebinding) and the Origin this very server (against forged requests).</summary>
internal sealed class AccessGate(string token, bool loopback)
{
    private const string Scheme = "Bearer ";
    private readonly byte[] _tokenHash = SHA256.HashData(Encoding.UTF8.GetBytes(token));

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (Check(context) is { } refused)
        {
            await refused.ExecuteAsync(context);
            return;
        }

        await next(context);
    }

    private ProblemAnswer? Check(HttpContext context)
    {
        var request = context.Request;
        if (loopback && !IsLoopbackName(request.Host.Host))
        {
            return ProblemAnswer.Of(403, "foreign-host", "Foreign host",
                $"the request was made for host '{request.Host}'; this server answers on loopback only: use 127.0.0.1 or localhost");
        }

        if (request.Headers.Origin is { Count: > 0 } origin && !IsOwn(origin.ToString(), request))
        {
            return ProblemAnswer.Of(403, "foreign-origin", "Foreign origin",
                $"requests from pages of '{origin}' are refused; open the API or the dashboard at {request.Scheme}://{request.Host}");
        }

        var needsToken = !loopback || context.GetEndpoint()?.Metadata.GetMetadata<NeedsToken>() is not null;
        return needsToken && !HasToken(request) ? Unauthorized(context) : null;
    }

    private static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static bool IsOwn(string origin, HttpRequest request) =>
        origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);

    private bool HasToken(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        // Hashes have one length, so the comparison takes the same time whatever was sent.
        var shown = SHA256.HashData(Encoding.UTF8.GetBytes(header[Scheme.Length..].Trim()));
        return CryptographicOperations.FixedTimeEquals(shown, _tokenHash);
    }

    private ProblemAnswer Unauthorized(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        var who = loopback ? "this route is for agents" : "this server listens beyond loopback, so every request needs the token";
        var wrong = context.Request.Headers.Authorization.Count > 0 ? "the token shown is not this server's; " : "";
        return ProblemAnswer.Of(401, "unauthorized", "Unauthorized",
            $"{wrong}{who}: send 'Authorization: Bearer TOKEN' with the content of the file 'token' in the server's data folder");
    }
}
