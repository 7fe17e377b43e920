using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Tutti.Model.Manifest.Shapes;

/// <summary>The spelling of constraints: <c>disk = ssd</c>, <c>disk != hdd</c>, <c>zone in a,b</c>, <c>zone not in a,b</c>, <c>gpu exists</c>.</summary>
internal static partial class ConstraintSyntax
{
    public static bool TryParse(string text, [NotNullWhen(true)] out ConstraintSpec? constraint)
    {
        constraint = null;
        var match = Form().Match(text);
        if (!match.Success)
        {
            return false;
        }

        var sign = match.Groups["sign"].Value;
        constraint = new ConstraintSpec
        {
            Label = match.Groups["label"].Value,
            Operator = match.Groups["exists"].Success ? ConstraintOperator.Exists : sign switch
            {
                "=" => ConstraintOperator.Equal,
                "!=" => ConstraintOperator.NotEqual,
                "in" => ConstraintOperator.In,
                _ => ConstraintOperator.NotIn,
            },
            Values = [.. match.Groups["value"].Captures.Select(c => c.Value)],
        };
        return true;
    }

    public static string Format(ConstraintSpec constraint) => constraint.Operator switch
    {
        ConstraintOperator.Exists => $"{constraint.Label} exists",
        ConstraintOperator.Equal => $"{constraint.Label} = {constraint.Values[0]}",
        ConstraintOperator.NotEqual => $"{constraint.Label} != {constraint.Values[0]}",
        ConstraintOperator.In => $"{constraint.Label} in {string.Join(',', constraint.Values)}",
        _ => $"{constraint.Label} not in {string.Join(',', constraint.Values)}",
    };

    [GeneratedRegex(@"^\s*(?<label>[A-Za-z0-9][A-Za-z0-9._/-]*)(
        \s*(?<sign>=|!=)\s*(?<value>[^\s,=!]+)
        |\s+(?<sign>in|not\s+in)\s+(?<value>[^\s,=!]+)(\s*,\s*(?<value>[^\s,=!]+))*
        |\s+(?<exists>exists))\s*\z", RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
