using Spectre.Console.Rendering;
using Tutti.Cli.Operations;
using Tutti.Cli.Output;
using Tutti.Cli.Tests.Fakes;
using Tutti.Cli.Transitions;
using Tutti.Control.Transitions;
using Tutti.Server.Api;

namespace Tutti.Cli.Tests.Transitions;

public sealed class WavePictureTests
{
    [Fact]
    public void Services_waves_and_the_shares_of_those_with_several_releases_stand_under_one_another()
    {
        var transition = ShopTransition.At("drww", (2, 2), (1, 2), (2, 2), (2, 2)).Sharing("cart 2.2.0 100", "web 1.1.0 90", "web 1.2.0 10");
        Assert.Equal(
            """
            SERVICE  VERSION  STATUS  INSTANCES  NOTE
            web      1.2.0    Run     2/2

            WAVE  EVENT                INSTANCES    NOTE
            1     ● start cart 2.2.0   2/2 healthy
            2     ◐ start web 1.2.0    1/2 healthy  web goes to 1.2.0
            3     ○ retire web 1.1.0   2 left       waits for start web 1.2.0: web 1.2.0 must be healthy before web 1.1.0 goes
            4     ○ retire cart 2.0.0  2 left       waits for retire web 1.1.0: web 1.1.0 accepts cart >=2.0 <2.2, not 2.2.0

            TRAFFIC
            web      1.1.0 ██████████████████ 90 % · 1.2.0 ██ 10 %
            """,
            Drawn(ProgressView.Picture(new SetLook([Documents.Service()], transition))));
    }

    [Fact]
    public void Any_share_that_there_is_can_be_seen()
    {
        var transition = ShopTransition.At("drww").Sharing("web 1.1.0 99.9", "web 1.2.0 0.1");
        Assert.EndsWith("web      1.1.0 ████████████████████ 99.9 % · 1.2.0 █ 0.1 %", Drawn(ProgressView.Picture(new SetLook([], transition))), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_transition_there_are_the_services_alone()
    {
        Assert.Equal("SERVICE  VERSION  STATUS  INSTANCES  NOTE\nweb      1.2.0    Run     2/2", Drawn(ProgressView.Picture(new SetLook([Documents.Service()], null))));
        Assert.Empty(WavePicture.Of(new TransitionDocument()));
    }

    [Fact]
    public void A_long_transition_is_cut_the_done_first()
    {
        var one = ShopTransition.At("drww");
        TransitionEventDocument[] many = [.. Enumerable.Range(0, 50).Select(i => one.Events[1] with { Id = $"start s{i} 1.0.0", Waits = [], State = i < 10 ? EventState.Done : EventState.Running })];
        var drawn = Drawn(WavePicture.Of(one with { Events = [.. many, one.Events[2]], Waves = [[.. many.Select(e => e.Id)], [one.Events[2].Id]] }).ElementAt(1)).Split('\n');
        Assert.Equal(1 + WavePicture.MostEvents + 1, drawn.Length);
        Assert.Contains("start s10 1.0.0", drawn[1], StringComparison.Ordinal);
        Assert.Equal("10 more done, 21 more to come", drawn[^1].Trim());
    }

    private static string Drawn(IRenderable picture)
    {
        using var buffer = new StringWriter();
        new Terminal { Out = buffer, Error = TextWriter.Null }.ConsoleOver(buffer).Write(picture);
        return string.Join('\n', buffer.ToString().TrimEnd('\n', ' ').Split('\n').Select(line => line.TrimEnd()));
    }
}
