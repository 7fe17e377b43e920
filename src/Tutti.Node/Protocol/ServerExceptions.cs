using System.Net;

namespace Tutti.Node.Protocol;

/// <summary>The server cannot be reached or does not answer now; asking again later helps.</summary>
internal sealed class ServerUnreachableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The server answered, and the answer is no; asking the same again does not help.</summary>
internal sealed class ServerRefusedException(HttpStatusCode status, string? type, string message) : Exception(message)
{
    /// <summary>HTTP status.</summary>
    public HttpStatusCode Status => status;

    /// <summary>Stable type of the problem (<c>tutti:wrong-cluster</c>); null where the server gave none.</summary>
    public string? Type => type;

    /// <summary>Whether the token is wrong.</summary>
    public bool TokenRefused => status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;
}
