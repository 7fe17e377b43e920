using System.Collections.Immutable;
using Tutti.Model.Problems;

namespace Tutti.Control.Commands;

/// <summary>Makes refusals.</summary>
internal static class Refuse
{
    public static CommandResult With(string type, string detail, ImmutableArray<Problem> problems = default) =>
        new() { Changed = false, Refusal = new Refusal { Type = type, Detail = detail, Problems = problems.IsDefault ? [] : problems } };

    public static CommandResult NotFound(string what, string name, IEnumerable<string> known)
    {
        var names = string.Join(", ", known.Order(StringComparer.Ordinal).Take(20));
        return With("not-found", names.Length == 0 ? $"there is no {what} '{name}', nor any other" : $"there is no {what} '{name}'; there is {names}");
    }
}
