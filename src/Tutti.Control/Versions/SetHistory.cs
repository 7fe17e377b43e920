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
}
