using System.Collections.Immutable;
using Tutti.Model.Agents;
using Tutti.Model.Manifest;
using Tutti.Model.Quantities;
using Tutti.Server.Api;
using Tutti.Server.Tests.Fakes;

namespace Tutti.Server.Tests.Transitions;

public sealed class PlanTests
{
    private static readonly ApplyRequest _request = new() { Manifest = "architecture: shop" };

    [Fact]
    public async Task A_plan_has_the_way_from_what_runs_with_every_wait()
    {
        var way = await PlanAsync(Story.Spec("1.3.0", "^3", "3.0.0"));
        Assert.Equal(["start cart 3.0.0", "start web 1.3.0", "retire web 1.2.0", "retire cart 2.2.0"], way.Waves.SelectMany(wave => wave));
        Assert.Equal([[], ["start cart 3.0.0"], ["start web 1.3.0"], ["start cart 3.0.0", "retire web 1.2.0"]], way.Events.Select(e => e.After.ToArray()));
        Assert.Equal("web 1.3.0 accepts cart ^3, not 2.2.0", Assert.Single(way.Events[1].Waits).Because);
        Assert.Equal([false, false, true, false], way.Events.Select(e => e.Rolls));
        Assert.Equal((3, null, null, null), (way.PeakExtra, way.Refusal, way.State, way.Events[0].State));
        Assert.Empty(way.Traffic);
    }

    [Fact]
    public async Task A_change_without_a_new_version_has_no_events()
    {
        var web = Story.Now.Services["web"] with { Env = ImmutableSortedDictionary<string, string>.Empty.Add("LOG_LEVEL", "debug") };
        var way = await PlanAsync(Story.Now with { Services = Story.Now.Services.SetItem("web", web) });
        Assert.Equal((0, 0, null), (way.Events.Length, way.Gaps.Length, way.Refusal));
    }

    [Fact]
    public async Task A_gap_needs_consent()
    {
        var target = Story.Spec("1.2.0", ">=2.2 <3", "2.2.0", db: "16.0.0");
        var way = await PlanAsync(target);
        Assert.StartsWith("db is down while it goes from 15.0.0 to 16.0.0, and web 1.2.0 lacks it (", way.Refusal, StringComparison.Ordinal);
        Assert.EndsWith("Agree to it with --allow-gap; nothing was changed", way.Refusal, StringComparison.Ordinal);
        Assert.Equal("db", Assert.Single(way.Gaps).Service);

        way = await PlanAsync(target, allowGap: true);
        Assert.Null(way.Refusal);
        Assert.Equal("db", Assert.Single(way.Gaps).Service);
    }

    [Fact]
    public async Task Lack_of_room_for_both_sides_is_said_with_the_remedy()
    {
        var node = Shop.Node() with { Capacity = new NodeCapacity(new Cpu(600), ByteSize.FromMebibytes(1024)) };
        var way = await PlanAsync(Story.Spec("1.3.0", "^3", "3.0.0"), more: node);
        Assert.StartsWith("old and new have to run side by side here and there is no room for 1 of cart 3.0.0 (", way.Refusal, StringComparison.Ordinal);
        Assert.EndsWith("add a node, free some room, or lower 'instances' or 'resources' of these services first. Nothing was changed", way.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Consent_goes_with_the_command()
    {
        await using var server = await TestServer.StartWithAsync(o => o with { ReadManifest = (_, _) => new ManifestReading(Story.Now, []) }, Story.Documents());
        await (await server.PostAsync("api/apply", _request with { AllowGap = true })).ReadAsync<ChangeDocument>();
        await (await server.PostAsync("api/apply", _request)).ReadAsync<ChangeDocument>();
        Assert.Equal([true, false], server.Control.Submitted.Cast<Tutti.Control.Commands.ApplyManifest>().Select(command => command.AllowGap));
    }

    private static async Task<TransitionDocument> PlanAsync(ArchitectureSpec target, bool allowGap = false, object? more = null)
    {
        await using var server = await TestServer.StartWithAsync(o => o with { ReadManifest = (_, _) => new ManifestReading(target, []) }, Story.Documents());
        if (more is not null)
        {
            server.Control.Put(more);
        }

        var plan = await (await server.PostAsync("api/plan", _request with { AllowGap = allowGap })).ReadAsync<PlanDocument>();
        Assert.Empty(server.Control.Submitted);
        return plan.Transition!;
    }
}
