using System.Collections.Immutable;
using Tutti.Decisions.Versions.Solving;
using Tutti.Model.Lifecycle;
using Tutti.Model.Versions;

namespace Tutti.Decisions.Tests.Versions.Solving;

/// <summary>Tries every set of versions. Says what the rules and criteria are once more, in the plainest way.</summary>
internal static class BruteForce
{
    /// <summary>The best set; null where there is none.</summary>
    public static ImmutableSortedDictionary<string, ReleaseVersion>? Best(SolveQuestion question)
    {
        ImmutableSortedDictionary<string, ReleaseVersion>? best = null;
        foreach (var versions in All(question))
        {
            if (IsAllowed(question, versions) && (best is null || Compare(question, versions, best) > 0))
            {
                best = versions;
            }
        }

        return best;
    }

    public static bool IsAllowed(SolveQuestion question, ImmutableSortedDictionary<string, ReleaseVersion> versions)
    {
        if (question.Current.Keys.Concat(question.Wishes.Keys).Any(name => !versions.ContainsKey(name)))
        {
            return false;
        }

        foreach (var (name, version) in versions)
        {
            if (!question.Catalogue.Services.TryGetValue(name, out var releases) || releases.FirstOrDefault(r => r.Version.Equals(version)) is not { } release)
            {
                return false;
            }

            if (question.Wishes.TryGetValue(name, out var wish) && wish.Range?.Accepts(version) == false)
            {
                return false;
            }

            if (question.Pins.TryGetValue(name, out var pin) && !pin.Accepts(version))
            {
                return false;
            }

            if (question.Current.TryGetValue(name, out var current))
            {
                if (question.Holds.Contains(name) && !current.Contains(version))
                {
                    return false;
                }

                if (!question.Force && releases.Any(r => !r.Reversible && r.Version.CompareTo(current.Max()) <= 0 && version.CompareTo(r.Version) < 0))
                {
                    return false;
                }
            }

            if (release.Needs.Any(need => versions.TryGetValue(need.Service, out var provider) ? !need.Range.Accepts(provider) : !need.Optional))
            {
                return false;
            }
        }

        return Reached(question, versions).Count == versions.Count;
    }

    /// <summary>Above 0 where a is better than b.</summary>
    public static int Compare(SolveQuestion question, ImmutableSortedDictionary<string, ReleaseVersion> a, ImmutableSortedDictionary<string, ReleaseVersion> b)
    {
        var order = InOrder(question, question.Wishes.Where(w => w.Value.Range is null).Select(w => w.Key)).Select(name => a[name].CompareTo(b[name])).FirstOrDefault(o => o != 0);
        for (var rank = 0; order == 0 && rank < 6; rank++)
        {
            order = Cost(question, b, rank).CompareTo(Cost(question, a, rank));
        }

        return order != 0 ? order : InOrder(question, a.Keys.Union(b.Keys)).Select(name => Compare(a.GetValueOrDefault(name), b.GetValueOrDefault(name))).FirstOrDefault(o => o != 0);
    }

    private static int Compare(ReleaseVersion? a, ReleaseVersion? b) => a is null ? (b is null ? 0 : -1) : a.CompareTo(b);

    private static int Cost(SolveQuestion question, ImmutableSortedDictionary<string, ReleaseVersion> versions, int rank)
    {
        var changed = versions.Where(v => !question.Current.TryGetValue(v.Key, out var current) || !current.Contains(v.Value)).Select(v => v.Key);
        return rank switch
        {
            0 => changed.Count(),
            5 => question.History.IsEmpty ? 0 : StrangePairs(question, versions),
            _ => changed.Count(name => (int)CriticalityOf(question, name) == rank - 1),
        };
    }

    private static int StrangePairs(SolveQuestion question, ImmutableSortedDictionary<string, ReleaseVersion> versions) => versions.Sum(consumer =>
        question.Catalogue.Services[consumer.Key].First(r => r.Version.Equals(consumer.Value)).Needs.Select(need => need.Service).Distinct()
            .Count(provider => provider != consumer.Key && versions.ContainsKey(provider) && !question.History.Any(set =>
                set.TryGetValue(consumer.Key, out var a) && a.Equals(consumer.Value) && set.TryGetValue(provider, out var b) && b.Equals(versions[provider]))));

    private static HashSet<string> Reached(SolveQuestion question, ImmutableSortedDictionary<string, ReleaseVersion> versions)
    {
        var reached = new HashSet<string>();
        var queue = new Queue<string>(question.Current.Keys.Concat(question.Wishes.Keys));
        while (queue.TryDequeue(out var name))
        {
            if (reached.Add(name))
            {
                foreach (var need in question.Catalogue.Services[name].First(r => r.Version.Equals(versions[name])).Needs.Where(need => !need.Optional))
                {
                    queue.Enqueue(need.Service);
                }
            }
        }

        return reached;
    }

    private static IEnumerable<ImmutableSortedDictionary<string, ReleaseVersion>> All(SolveQuestion question)
    {
        IEnumerable<ImmutableSortedDictionary<string, ReleaseVersion>> all = [ImmutableSortedDictionary.Create<string, ReleaseVersion>(StringComparer.Ordinal)];
        foreach (var (name, releases) in question.Catalogue.Services)
        {
            all = all.SelectMany(versions => releases.Select(r => versions.Add(name, r.Version)).Prepend(versions)).ToArray();
        }

        return all;
    }

    private static IOrderedEnumerable<string> InOrder(SolveQuestion question, IEnumerable<string> names) =>
        names.OrderBy(name => CriticalityOf(question, name)).ThenBy(name => name, StringComparer.Ordinal);

    private static Criticality CriticalityOf(SolveQuestion question, string name) => question.Criticality.GetValueOrDefault(name, Criticality.Critical);
}
