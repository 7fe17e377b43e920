using FsCheck.Xunit;
using Tutti.Model.Quantities;

namespace Tutti.Model.Tests.Quantities;

public sealed class QuantityTests
{
    [Theory]
    [InlineData("250m", 250, "250m")]
    [InlineData("0.25", 250, "250m")]
    [InlineData("2", 2000, "2")]
    [InlineData("2000m", 2000, "2")]
    [InlineData("0", 0, "0")]
    public void Reads_cpu(string text, long millis, string written)
    {
        Assert.True(Cpu.TryParse(text, out var cpu));
        Assert.Equal(millis, cpu.Millis);
        Assert.Equal(written, cpu.ToString());
    }

    [Theory]
    [InlineData("128Mi", 128L << 20, "128Mi")]
    [InlineData("10Gi", 10L << 30, "10Gi")]
    [InlineData("1024Ki", 1L << 20, "1Mi")]
    [InlineData("1.5Gi", 1536L << 20, "1536Mi")]
    [InlineData("100", 100, "100")]
    [InlineData("0", 0, "0")]
    public void Reads_sizes(string text, long bytes, string written)
    {
        Assert.True(ByteSize.TryParse(text, out var size));
        Assert.Equal(bytes, size.Bytes);
        Assert.Equal(written, size.ToString());
    }

    [Theory]
    [InlineData("500ms", 500, "500ms")]
    [InlineData("2s", 2_000, "2s")]
    [InlineData("90s", 90_000, "90s")]
    [InlineData("120s", 120_000, "2m")]
    [InlineData("1h", 3_600_000, "1h")]
    [InlineData("0s", 0, "0s")]
    public void Reads_durations(string text, long milliseconds, string written)
    {
        Assert.True(Durations.TryParse(text, out var duration));
        Assert.Equal(milliseconds, duration.TotalMilliseconds);
        Assert.Equal(written, Durations.Format(duration));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("m")]
    [InlineData("250 m")]
    [InlineData("1,5")]
    [InlineData("1e3")]
    [InlineData("99999999999999")]
    [InlineData("0.25m")]
    public void Refuses_cpu(string text) => Assert.False(Cpu.TryParse(text, out _));

    [Theory]
    [InlineData("")]
    [InlineData("-1Mi")]
    [InlineData("128MB")]
    [InlineData("128 Mi")]
    [InlineData("Mi")]
    [InlineData("2000000000Gi")]
    [InlineData("128mi")]
    public void Refuses_sizes(string text) => Assert.False(ByteSize.TryParse(text, out _));

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("1.5s")]
    [InlineData("1 s")]
    [InlineData("1d")]
    [InlineData("10001h")]
    [InlineData("99999999999999999999s")]
    public void Refuses_durations(string text) => Assert.False(Durations.TryParse(text, out _));

    [Property]
    public void Cpu_reads_back(uint millis)
    {
        var cpu = new Cpu(millis % 1_000_000_001);
        Assert.True(Cpu.TryParse(cpu.ToString(), out var read));
        Assert.Equal(cpu, read);
    }

    [Property]
    public void Sizes_read_back(ulong bytes)
    {
        var size = new ByteSize((long)(bytes % (1UL << 60)));
        Assert.True(ByteSize.TryParse(size.ToString(), out var read));
        Assert.Equal(size, read);
    }

    [Property]
    public void Durations_read_back(uint milliseconds)
    {
        var duration = TimeSpan.FromMilliseconds(milliseconds);
        Assert.True(Durations.TryParse(Durations.Format(duration), out var read));
        Assert.Equal(duration, read);
    }
}
