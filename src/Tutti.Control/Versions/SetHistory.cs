using Tutti.Control.Commands;
using Tutti.Control.State;

namespace Tutti.Control.Versions;

/// <summary>Finds one's way in the history of sets.</summary>
internal static class SetHistory
{
    /// <summary>The set before the one whose content is current: rolling back twice goes back two steps, not back and forth. Null: there is none.</summary>
    public static int? Previous(VersionSet current, Func<int, VersionSet?> find)
    {
        var origin = current;
        while (origin.RollbackOf is { } number && find(number) is { } restored)
        {
            if (restored.ContentHash != origin.ContentHash)
            {
                // Only one service of it was restored: the whole of it is the step before.
                return number;
            }

            origin = restored;
        }

        return origin.Parent;
    }

    /// <summary>The refusal where going back to a set would undo a release that cannot be undone; null: it would not.</summary>
    public static Refusal? Irreversible(VersionSet current, VersionSet target)
    {
        var stuck = (from pair in current.Spec.Services
                     let before = target.Spec.Services.GetValueOrDefault(pair.Key)?.Version
                     where !pair.Value.Reversible && before is not null && pair.Value.Version is not null && before.CompareTo(pair.Value.Version) < 0
                     select $"{pair.Key} {pair.Value.Version}").FirstOrDefault();
        return stuck is null
            ? null
            : Refuse.With("not-reversible", $"{stuck} is marked 'reversible: false' and set {target.Number} is older: use --force to go back all the same").Refusal;
    }
}
