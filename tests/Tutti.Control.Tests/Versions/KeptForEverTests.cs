using System.Collections.Immutable;
using System.Text.Json;
using Tutti.Control.Commands;
using Tutti.Control.State;
using Tutti.Model;
using Tutti.Model.Manifest;

namespace Tutti.Control.Tests.Versions;

/// <summary>Nothing ever edits or removes a version set or a release.</summary>
public sealed class KeptForEverTests
{
    private readonly Bed _bed = new();
    private readonly Dictionary<string, string> _kept = [];
    private int _seen;

    public KeptForEverTests() => _bed.Turned += changes =>
    {
        foreach (var change in changes.Where(change => change.Key.Kind is DocumentKinds.Set or DocumentKinds.Release))
        {
            Assert.Null(change.Before);
            Assert.NotNull(change.After);
            Assert.True(_kept.TryAdd($"{change.Key.Kind} {change.Key.Key}", JsonSerializer.Serialize(change.After, TuttiJson.Options)), $"{change.Key.Key} was written twice");
            _seen++;
        }
    };

    [Fact]
    public void Whatever_is_asked_sets_and_releases_stay_as_they_were_written()
    {
        var random = new Random(7);
        string[] versions = ["1.0.0", "1.1.0", "2.0.0"];
        var update = new UpdateSpec { Deadline = TimeSpan.FromSeconds(5) };
        _bed.Fate = instance => instance.Version.Major == 2 || random.Next(8) == 0 ? Fate.Crash(3) : Fate.Healthy;
        for (var turn = 0; turn < 200; turn++)
        {
            _bed.Do(random.Next(8) switch
            {
                0 or 1 => Shop.Apply(("cart", Shop.Service(versions[random.Next(3)], 2, update)), ("web", Shop.Service(versions[random.Next(3)], random.Next(1, 4), update).DependingOn("cart"))),
                2 => Shop.Apply(("web", Shop.Service(versions[random.Next(3)], command: "other"))),
                3 => new ScaleService("shop", "web", random.Next(3), 5, "ann"),
                4 => new RollbackArchitecture("shop", random.Next(2) == 0 ? null : random.Next(1, 12), true, "ann"),
                5 => new AddReleases(Shop.Of(("web", Shop.Service($"3.{random.Next(5)}.0"))), "ann"),
                6 => new DestroyArchitecture("shop", "ann"),
                _ => new RestartService("shop", "web", "ann"),
            });
            _bed.Pass(random.Next(1, 16));
        }

        Assert.True(_bed.State.SetsOf("shop").Any(set => set.Author == "tutti"), "no automatic rollback was made");
        Assert.InRange(_seen, 50, int.MaxValue);
        Assert.Equal(_seen, _bed.State.SetsOf("shop").Count + _bed.State.Releases.Count);
        Assert.All(_bed.State.SetsOf("shop"), set => Assert.Equal(_kept[$"set {DocumentKinds.KeyOf(set).Key}"], JsonSerializer.Serialize(set, TuttiJson.Options)));
        Assert.All(_bed.State.SetsOf("shop"), set => Assert.Equal(set.ContentHash, ContentHash.Of(set.Spec)));
        Assert.All(_bed.State.Releases.All, release => Assert.Equal(_kept[$"release {DocumentKinds.KeyOf(release).Key}"], JsonSerializer.Serialize(release, TuttiJson.Options)));
    }

    [Fact]
    public void An_attempt_is_stopped_before_it_is_seen()
    {
        _bed.Do(Shop.Apply(("web", Shop.Service("1.0.0"))));
        var (set, release) = (_bed.State.Set("shop", 1)!, _bed.State.Releases.Find("shop/web/1.0.0")!);
        var draft = new Draft(_bed.State);

        Assert.Equal("set shop/0000000001 is recorded for ever: it is never edited, only succeeded", Refusal(() => draft.Put(set with { Message = "better" })));
        Assert.Equal("set shop/0000000001 is recorded for ever: it is never removed, only succeeded", Refusal(() => draft.Remove(set)));
        Assert.Equal("release shop/web/1.0.0 is recorded for ever: it is never edited, only succeeded", Refusal(() => draft.Put(release with { Spec = Shop.Service("1.0.0", command: "walk") })));
        Assert.Equal("release shop/web/1.0.0 is recorded for ever: it is never removed, only succeeded", Refusal(() => draft.Remove(release)));
        Assert.True(draft.IsEmpty);
        Assert.Same(set, _bed.State.Set("shop", 1));
        Assert.Same(release, _bed.State.Releases.Find("shop/web/1.0.0"));

        static string Refusal(Action edit) => Assert.Throws<InvalidOperationException>(edit).Message;
    }
}
