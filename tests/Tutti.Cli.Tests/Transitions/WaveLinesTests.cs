using Tutti.Cli.Output;
using Tutti.Cli.Tests.Fakes;
using Tutti.Cli.Transitions;
using Tutti.Control.State;
using Tutti.Decisions.Transitions;
using Tutti.Server.Api;

namespace Tutti.Cli.Tests.Transitions;

public sealed class WaveLinesTests
{
    private readonly StringWriter _out = new();
    private readonly WaveLines _lines;

    public WaveLinesTests() => _lines = new WaveLines(new Terminal { Out = _out, Error = TextWriter.Null, Clock = new Noon() });

    [Fact]
    public void The_first_look_says_where_every_event_stands_and_what_it_waits_for()
    {
        _lines.Show(ShopTransition.At("rwww", (0, 2)).Sharing("cart 2.0.0 100", "web 1.1.0 100"));
        Assert.Equal(
            """
            12:00:00 wave 1: start cart 2.2.0 begins (0/2 healthy)
            12:00:00 wave 2: start web 1.2.0 waits for start cart 2.2.0: web 1.2.0 accepts cart >=2.2 <3, not 2.0.0
            12:00:00 wave 3: retire web 1.1.0 waits for start web 1.2.0: web 1.2.0 must be healthy before web 1.1.0 goes
            12:00:00 wave 4: retire cart 2.0.0 waits for start cart 2.2.0 and 1 more: cart 2.2.0 must be healthy before cart 2.0.0 goes

            """,
            _out.ToString());
    }

    [Fact]
    public void Later_looks_say_only_what_moved()
    {
        _lines.Show(ShopTransition.At("rwww", (0, 2)).Sharing("cart 2.0.0 100", "web 1.1.0 100"));
        var before = _out.ToString();
        _lines.Show(ShopTransition.At("rwww", (1, 2)).Sharing("cart 2.0.0 100", "web 1.1.0 100"));
        Assert.Equal(before, _out.ToString());

        _lines.Show(ShopTransition.At("drww", (2, 2), (0, 0)).Sharing("cart 2.0.0 50", "cart 2.2.0 50", "web 1.1.0 100"));
        _lines.Show(ShopTransition.At("drww", (2, 2), (1, 2)).Sharing("cart 2.0.0 50", "cart 2.2.0 50", "web 1.1.0 66.7", "web 1.2.0 33.3"));
        _lines.Show(ShopTransition.At("ddrw", (2, 2), (2, 2), (1, 1)).Sharing("cart 2.0.0 50", "cart 2.2.0 50", "web 1.2.0 100"));
        Assert.Equal(
            """
            12:00:00 wave 1: start cart 2.2.0 is done (2/2 healthy)
            12:00:00 wave 2: start web 1.2.0 begins
            12:00:00 cart traffic: 2.0.0 50 %, 2.2.0 50 %
            12:00:00 web traffic: 1.1.0 66.7 %, 1.2.0 33.3 %
            12:00:00 wave 2: start web 1.2.0 is done (2/2 healthy)
            12:00:00 wave 3: retire web 1.1.0 begins (1 left)
            12:00:00 web traffic: 1.2.0 100 %

            """,
            _out.ToString()[before.Length..]);
    }

    [Fact]
    public void Where_services_only_come_and_where_nothing_is_kept_there_is_nothing_to_say()
    {
        var first = ShopTransition.At("rwww");
        _lines.Show(first with { Events = [.. first.Events.Where(e => e.Event == TransitionEventKind.Start)], Waves = [["start cart 2.2.0"], ["start web 1.2.0"]] });
        _lines.Show(null);
        _lines.Show(new TransitionDocument { State = TransitionState.Running });
        Assert.Equal("", _out.ToString());
    }

    private sealed class Noon : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => CliRun.Now;
    }
}
