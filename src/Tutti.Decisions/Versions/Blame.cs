using System.Collections.Immutable;
using Tutti.Model.Manifest;

namespace Tutti.Decisions.Versions;

/// <summary>One version set as blame sees it.</summary>
/// <param name="Set">Its number.</param>
/// <param name="Entry">The service in it; null: it has none.</param>
public sealed record BlameStep(int Set, ServiceSpec? Entry);

/// <summary>A field of the newest entry, and the set that gave it its value.</summary>
public sealed record BlamedField(EntryField Field, int Set);

/// <summary>Which set last changed what in one service.</summary>
/// <param name="Since">The set in which the service came, and has been ever since.</param>
/// <param name="Fields">Every field of the newest entry, in the order of the manifest.</param>
public sealed record Blame(int Since, ImmutableArray<BlamedField> Fields)
{
    /// <summary>Follows each field back to the last set whose predecessor had another value there, or none.</summary>
    /// <param name="steps">The newest set first, each before the one it was made from. A rollback is a change like any other: it is the set that
    /// brought the value back.</param>
    /// <returns>Null where the newest set does not have the service.</returns>
    public static Blame? Of(IReadOnlyList<BlameStep> steps)
    {
        if (steps.Count == 0 || steps[0].Entry is not { } newest)
        {
            return null;
        }

        var fields = EntryFields.Of(newest);
        var sets = new Dictionary<string, int>(StringComparer.Ordinal);
        var open = fields.ToDictionary(field => field.Path, field => field.Value, StringComparer.Ordinal);
        var (seen, at) = (newest, steps[0].Set);
        foreach (var step in steps.Skip(1))
        {
            if (step.Entry is not { } entry)
            {
                break;
            }

            if (!ReferenceEquals(entry, seen) && open.Count > 0)
            {
                var before = EntryFields.Of(entry).ToDictionary(field => field.Path, field => field.Value, StringComparer.Ordinal);
                foreach (var (path, _) in open.Where(field => before.GetValueOrDefault(field.Key) != field.Value).ToList())
                {
                    sets[path] = at;
                    open.Remove(path);
                }
            }

            (seen, at) = (entry, step.Set);
        }

        return new Blame(at, [.. fields.Select(field => new BlamedField(field, sets.GetValueOrDefault(field.Path, at)))]);
    }
}
