using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Tutti.Decisions.Versions;
using Tutti.Model.Manifest;
using Tutti.Model.Versions;

namespace Tutti.Decisions.Tests.Versions;

/// <summary>A history of one service, the oldest set first; null: the set does not have it.</summary>
public sealed record History(ImmutableArray<ServiceSpec?> Entries);

[Properties(Arbitrary = [typeof(BlameProperties)])]
public sealed class BlameProperties
{
    public static Arbitrary<History> AnyHistory()
    {
        var entry =
            from version in Gen.Elements("1.0.0", "1.1.0")
            from min in Gen.Choose(1, 3)
            from level in Gen.Elements("", "info", "debug")
            from health in Gen.Elements<HealthSpec?>(null, new HealthSpec { Http = "/" }, new HealthSpec { Http = "/", Failures = 5 })
            from spread in Gen.Elements<string?>(null, "zone")
            select new ServiceSpec
            {
                Version = ReleaseVersion.Parse(version),
                Run = new RunSpec { Command = ["run"] },
                Instances = new InstancesSpec { Min = min, Max = 3 },
                Env = level.Length == 0 ? ImmutableSortedDictionary<string, string>.Empty : ImmutableSortedDictionary<string, string>.Empty.Add("LEVEL", level),
                Health = health,
                Placement = new PlacementSpec { Spread = spread },
            };
        var maybe = Gen.Frequency<ServiceSpec?>((9, entry.Select(one => (ServiceSpec?)one)), (1, Gen.Constant<ServiceSpec?>(null)));
        return Arb.From(Gen.NonEmptyListOf(maybe).Select(entries => new History([.. entries])));
    }

    [Property]
    public void Each_field_has_had_its_value_since_its_set_and_not_before(History history)
    {
        var blame = Blame.Of(Steps(history));
        if (history.Entries[^1] is not { } newest)
        {
            Assert.Null(blame);
            return;
        }

        Assert.Equal(EntryFields.Of(newest), blame!.Fields.Select(field => field.Field));
        foreach (var (field, set) in blame.Fields)
        {
            Assert.All(history.Entries.Skip(set - 1), entry => Assert.Equal(field.Value, ValueOf(entry, field.Path)));
            Assert.True(set == 1 || ValueOf(history.Entries[set - 2], field.Path) != field.Value, $"{field.Path} had its value before set {set}");
        }
    }

    [Property]
    public void The_service_has_been_there_since_it_came(History history)
    {
        if (Blame.Of(Steps(history)) is { } blame)
        {
            Assert.All(history.Entries.Skip(blame.Since - 1), Assert.NotNull);
            Assert.True(blame.Since == 1 || history.Entries[blame.Since - 2] is null);
            Assert.All(blame.Fields, field => Assert.InRange(field.Set, blame.Since, history.Entries.Length));
        }
    }

    [Property]
    public void Replaying_what_is_blamed_gives_the_newest_entry(History history)
    {
        if (Blame.Of(Steps(history)) is { } blame)
        {
            var replayed = blame.Fields.Select(field => (field.Field.Path, Value: ValueOf(history.Entries[field.Set - 1], field.Field.Path)));
            Assert.Equal(EntryFields.Of(history.Entries[^1]!).Select(field => (field.Path, (string?)field.Value)), replayed);
        }
    }

    [Fact]
    public void What_is_as_by_default_is_known()
    {
        var fields = EntryFields.Of(new ServiceSpec
        {
            Version = ReleaseVersion.Parse("1.0.0"),
            Health = new HealthSpec { Http = "/" },
            Update = new UpdateSpec { MaxSurge = 4 },
            Ports = ImmutableSortedDictionary<string, PortSpec>.Empty.Add("http", new PortSpec()),
        });
        Assert.Equal(["version: 1.0.0", "ports.http.protocol: http", "health.http: /", "update.maxSurge: 4"], fields.Where(field => !field.ByDefault).Select(field => $"{field.Path}: {field.Value}"));
        Assert.Contains(new EntryField("instances", "1", true), fields);
        Assert.Contains(new EntryField("health.failures", "3", true), fields);
    }

    private static IReadOnlyList<BlameStep> Steps(History history) =>
        [.. history.Entries.Select((entry, index) => new BlameStep(index + 1, entry)).Reverse()];

    private static string? ValueOf(ServiceSpec? entry, string path) =>
        entry is null ? null : EntryFields.Of(entry).FirstOrDefault(field => field.Path == path)?.Value;
}
