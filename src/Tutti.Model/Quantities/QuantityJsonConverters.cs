using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tutti.Model.Quantities;

/// <summary>Writes <see cref="Cpu"/> as the manifest spells it.</summary>
public sealed class CpuJsonConverter : JsonConverter<Cpu>
{
    /// <inheritdoc/>
    public override Cpu Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Cpu.TryParse(reader.GetString(), out var cpu) ? cpu : throw new JsonException("expected cpu such as 250m or 0.25");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Cpu value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

/// <summary>Writes <see cref="ByteSize"/> as the manifest spells it.</summary>
public sealed class ByteSizeJsonConverter : JsonConverter<ByteSize>
{
    /// <inheritdoc/>
    public override ByteSize Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ByteSize.TryParse(reader.GetString(), out var size) ? size : throw new JsonException("expected a size such as 128Mi");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ByteSize value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

/// <summary>Writes <see cref="TimeSpan"/> as the manifest spells durations; registered on every Tutti JSON context.</summary>
public sealed class DurationJsonConverter : JsonConverter<TimeSpan>
{
    /// <inheritdoc/>
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Durations.TryParse(reader.GetString(), out var duration) ? duration : throw new JsonException("expected a duration such as 500ms, 2s, 5m or 1h");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) => writer.WriteStringValue(Durations.Format(value));
}
