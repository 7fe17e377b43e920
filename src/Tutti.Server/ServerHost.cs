namespace Tutti.Server;

/// <summary>How a server runs.</summary>
public sealed record ServerOptions
{
    /// <summary>Folder of the store, the blobs and the token; made where missing.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Address of the API. Default <c>http://127.0.0.1:7420</c>; port 0 picks a free one.</summary>
    public string Listen { get; init; } = "http://127.0.0.1:7420";

    /// <summary>Address of DNS, UDP and TCP. Default <c>127.0.0.1:8600</c>; port 0 picks a free one; null: no DNS.</summary>
    public string? Dns { get; init; } = "127.0.0.1:8600";

    /// <summary>Bounds and periods of the loop.</summary>
    public Control.Loop.ControlOptions Control { get; init; } = new();
}

/// <summary>A server in this process.</summary>
public sealed class ServerHost : IAsyncDisposable
{
    /// <summary>Opens the store, starts the loop, listens.</summary>
    /// <exception cref="ServerStartException">It cannot: port in use, folder not writable, store failed. The message says which and the way out.</exception>
    public static Task<ServerHost> StartAsync(ServerOptions options, CancellationToken cancellation = default) => throw new NotImplementedException();

    /// <summary>Address of the API with the real port.</summary>
    public string Url => throw new NotImplementedException();

    /// <summary>Address of DNS with the real port; null: none.</summary>
    public string? Dns => throw new NotImplementedException();

    /// <summary>What an agent must show; kept in <c>token</c> in the data folder, readable by the owner only.</summary>
    public string Token => throw new NotImplementedException();

    /// <summary>The loop.</summary>
    public Control.Loop.ControlLoop Loop => throw new NotImplementedException();

    /// <summary>Completes when the server has ended; faulted when it did so by itself.</summary>
    public Task Completion => throw new NotImplementedException();

    /// <summary>Stops listening, then the loop, then closes the store. Instances are left alone.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}

/// <summary>A server cannot start; the message names the thing and the remedy.</summary>
public sealed class ServerStartException(string message, Exception? inner = null) : Exception(message, inner);
