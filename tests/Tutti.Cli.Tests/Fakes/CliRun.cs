using System.Text;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Output;

namespace Tutti.Cli.Tests.Fakes;

/// <summary>One call of the program inside the test process.</summary>
internal sealed class CliRun : IDisposable
{
    /// <summary>The time that every call takes for now.</summary>
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TempFolder _home = new();
    private readonly SharedText _out = new();
    private readonly SharedText _error = new();

    public Rooms Rooms { get; set; } = new() { ReadManifest = FakeManifests.Read, Pack = FakeManifests.PackAsync, ManifestSchema = () => "{}" };

    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    public Interrupts Interrupts { get; } = new();

    public string Typed { get; set; } = "";

    public bool CanAsk { get; set; }

    public bool Live { get; set; }

    public bool Colors { get; set; }

    public int Width { get; set; }

    public string Home => _home.Path;

    public string Data => _home.In(".tutti");

    public string Out => _out.Text;

    public string Error => _error.Text;

    public Task<int> RunAsync(params string[] args)
    {
        var terminal = new Terminal
        {
            Out = _out,
            Error = _error,
            In = new StringReader(Typed),
            OpenIn = () => new MemoryStream(Encoding.UTF8.GetBytes(Typed)),
            CanAsk = CanAsk,
            Live = Live,
            Colors = Colors,
            Width = Width,
            Clock = new FixedClock(Now),
            Environment = name => name switch
            {
                "HOME" => _home.Path,
                "USER" => "ada",
                _ => Environment.GetValueOrDefault(name),
            },
        };
        return Cli.CommandLine.Cli.RunAsync(args, terminal, Rooms, Interrupts);
    }

    /// <summary>Runs one command against a server.</summary>
    public static async Task<Outcome> AgainstAsync(FakeServer server, params string[] args)
    {
        using var run = new CliRun();
        var code = await run.RunAsync([.. args, "--server", server.Url]);
        return new Outcome(code, run.Out, run.Error);
    }

    /// <summary>Waits for a condition, at most 20 s.</summary>
    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        var deadline = DateTime.UtcNow.AddSeconds(20);
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < deadline, $"waited in vain until {what}");
            await Task.Delay(10);
        }
    }

    public void Dispose()
    {
        Interrupts.Dispose();
        _home.Dispose();
    }

    /// <summary>A writer that several threads may use while another reads.</summary>
    private sealed class SharedText : TextWriter
    {
        private readonly StringBuilder _text = new();

        public override Encoding Encoding => Encoding.UTF8;

        public string Text
        {
            get
            {
                lock (_text)
                {
                    return _text.ToString();
                }
            }
        }

        public override void Write(char value)
        {
            lock (_text)
            {
                _text.Append(value);
            }
        }

        public override void Write(string? value)
        {
            lock (_text)
            {
                _text.Append(value);
            }
        }

        public override void WriteLine(string? value) => Write(value + "\n");
    }

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => now;
    }
}

/// <summary>What a call gave.</summary>
internal sealed record Outcome(int Code, string Out, string Error);
