using System.Globalization;
using System.Text;
using System.Text.Json;
using Tutti.Model;

namespace Tutti.Server.Streams;

/// <summary>Ready-made bytes of server-sent events, written once and shared by every watcher.</summary>
/// <remarks>Source: WHATWG HTML, section "Server-sent events".</remarks>
internal static class EventFrame
{
    /// <summary>Shows that the connection is alive; clients skip it.</summary>
    public static readonly ReadOnlyMemory<byte> Comment = ": alive\n\n"u8.ToArray();

    public static ReadOnlyMemory<byte> Of<T>(string kind, long id, T data)
    {
        using var frame = new MemoryStream(512);
        frame.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {id}\nevent: {kind}\ndata: ")));
        JsonSerializer.Serialize(frame, data, TuttiJson.Options);
        frame.Write("\n\n"u8);
        return frame.ToArray();
    }
}
