using Tutti.Model.Manifest;

namespace Tutti.Decisions.Placement;

/// <summary>What a constraint over a node label means, and how it is spelled.</summary>
internal static class ConstraintMatch
{
    /// <summary>Whether the constraint holds for a label's value; null: the node lacks the label, which satisfies only <c>!=</c> and <c>not in</c>.</summary>
    public static bool Holds(ConstraintSpec constraint, string? value) => constraint.Operator switch
    {
        ConstraintOperator.Equal or ConstraintOperator.In => value is not null && constraint.Values.Contains(value),
        ConstraintOperator.NotEqual or ConstraintOperator.NotIn => value is null || !constraint.Values.Contains(value),
        ConstraintOperator.Exists => value is not null,
        _ => throw new ArgumentOutOfRangeException(nameof(constraint), constraint.Operator, "no such operator of a constraint"),
    };

    /// <summary>The manifest's spelling: <c>disk = ssd</c>, <c>zone not in a,b</c>, <c>gpu exists</c>.</summary>
    public static string Spell(ConstraintSpec constraint) => constraint.Operator switch
    {
        ConstraintOperator.Equal => $"{constraint.Label} = {string.Join(',', constraint.Values)}",
        ConstraintOperator.NotEqual => $"{constraint.Label} != {string.Join(',', constraint.Values)}",
        ConstraintOperator.In => $"{constraint.Label} in {string.Join(',', constraint.Values)}",
        ConstraintOperator.NotIn => $"{constraint.Label} not in {string.Join(',', constraint.Values)}",
        ConstraintOperator.Exists => $"{constraint.Label} exists",
        _ => throw new ArgumentOutOfRangeException(nameof(constraint), constraint.Operator, "no such operator of a constraint"),
    };
}
