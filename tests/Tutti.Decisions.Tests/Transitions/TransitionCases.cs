using FsCheck;
using FsCheck.Fluent;
using Tutti.Decisions.Transitions;
using Tutti.Decisions.Versions.Solving;
using Tutti.Model.Versions;

namespace Tutti.Decisions.Tests.Transitions;

/// <summary>A bigger architecture in any mixed state, and a target that accepts itself.</summary>
public sealed record TransitionCase(TransitionQuestion Question, int Seed)
{
    public override string ToString() => $"\nlive {string.Join("\n     ", Question.Live.Select(Text))}\ntarget {string.Join("\n       ", Question.Target.Select(Text))}";

    private static string Text(Side side) =>
        $"{side.Service} {side.Version} x{side.Instances}{(side.Pet ? " pet" : "")}{(side.Whole ? "" : " partly")} needs {string.Join(", ", side.Needs.Select(need => $"{need.Service}{(need.Optional ? "?" : "")} {need.Range}"))}";
}

/// <summary>Generators of architectures whose dependencies have no cycle: a service needs only those with a lower number.</summary>
public static class TransitionCases
{
    public static Arbitrary<TransitionCase> Case() => (
        from services in Gen.Choose(1, 14)
        from pets in Gen.Elements(0, 0, 3)
        from seed in Gen.Choose(0, int.MaxValue)
        select Create(services, pets, seed)).ToArbitrary();

    /// <param name="services">How many.</param>
    /// <param name="pets">Of ten services how many are pets.</param>
    /// <param name="seed">Of everything else.</param>
    internal static TransitionCase Create(int services, int pets, int seed)
    {
        var random = new Random(seed);
        var target = Enumerable.Range(0, services).Select(_ => random.Next(8) == 0 ? 0 : random.Next(1, 4)).ToArray();
        var pet = Enumerable.Range(0, services).Select(_ => random.Next(10) < pets).ToArray();
        var releases = Enumerable.Range(0, services).Select(service => Enumerable.Range(1, 3).Select(version => Release(service, version)).ToArray()).ToArray();
        var live = releases.SelectMany(each => each.Where(_ => random.Next(5) < 2)
            .Select(side => side with { Whole = random.Next(4) > 0, Instances = random.Next(1, 4) })).ToList();
        var wanted = target.Select((version, service) => (version, service)).Where(x => x.version > 0).Select(x => releases[x.service][x.version - 1]).ToList();
        return new TransitionCase(new TransitionQuestion { Live = [.. live], Target = [.. wanted] }, seed);

        Side Release(int service, int version)
        {
            var needs = Enumerable.Range(0, service).Where(_ => random.Next(3) == 0).Select(provider =>
            {
                // A release of the target accepts the target; any other accepts what it likes.
                var accepted = Enumerable.Range(1, 3).Where(other => random.Next(2) == 0 || (version == target[service] && other == target[provider])).DefaultIfEmpty(1);
                var isOptional = random.Next(4) == 0 || (version == target[service] && target[provider] == 0);
                return new Need($"s{provider:D2}", VersionRange.Parse(string.Join(" || ", accepted.Select(each => $"{each}.0.0"))), isOptional);
            });
            return new Side { Service = $"s{service:D2}", Version = ReleaseVersion.Parse($"{version}.0.0"), Needs = [.. needs], Pet = pet[service], Instances = random.Next(1, 4) };
        }
    }
}
