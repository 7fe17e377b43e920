using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Tutti.Model;

namespace Tutti.Node.Protocol;

/// <summary>Reads server-sent events whose data is JSON.</summary>
internal static class SseReader
{
    /// <summary>A connection that brings nothing for this long, not even a comment, is dead.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(15);

    /// <summary>Every event of the named kind until the server ends the stream. Events of other kinds are passed over: they are newer than this agent.</summary>
    /// <exception cref="ServerUnreachableException">The connection broke, was silent for too long, or brought something that cannot be read.</exception>
    public static async IAsyncEnumerable<T> ReadAsync<T>(
        Stream body, string kind, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var guarded = new SilenceGuard(body, LongestSilence, time);
        var parser = SseParser.Create(guarded, (type, data) => type == kind ? Parse<T>(data) : default);
        await foreach (var item in parser.EnumerateAsync(cancellation))
        {
            if (item.EventType == kind)
            {
                yield return item.Data!;
            }
        }
    }

    private static T Parse<T>(ReadOnlySpan<byte> data)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(data, TuttiJson.Options)
                ?? throw new ServerUnreachableException($"the server sent an empty {typeof(T).Name}");
        }
        catch (JsonException e)
        {
            throw new ServerUnreachableException($"the server sent a {typeof(T).Name} that cannot be read: {e.Message}", e);
        }
    }
}
