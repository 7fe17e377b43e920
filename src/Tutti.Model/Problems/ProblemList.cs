using System.Collections.Immutable;
using Tutti.Model.Manifest.Yaml;

namespace Tutti.Model.Problems;

/// <summary>Collects what is wrong with one file; what is found twice at one place (a default that several services share) is said once.</summary>
internal sealed class ProblemList(string file)
{
    /// <summary>Most problems that are kept of one file.</summary>
    public const int Most = 1000;

    private const int LongestFound = 200;

    private readonly List<Problem> _problems = [];
    private readonly HashSet<(string Rule, int Line, int Column, string Message)> _said = [];
    private int _left;

    public bool HasErrors { get; private set; }

    public void Add(string rule, Place place, string message, string? found = null, string? expected = null, string? suggestion = null, Severity severity = Severity.Error)
    {
        HasErrors |= severity == Severity.Error;
        if (_problems.Count >= Most)
        {
            _left++;
            return;
        }

        if (!_said.Add((rule, place.Line, place.Column, message)))
        {
            return;
        }

        var path = place.Path.ToString();
        _problems.Add(new Problem
        {
            Rule = rule,
            Message = message,
            Severity = severity,
            File = file,
            Line = place.Line,
            Column = place.Column,
            Path = path.Length == 0 ? null : path,
            Found = found is { Length: > LongestFound } ? found[..LongestFound] + "…" : found,
            Expected = expected,
            Suggestion = suggestion,
        });
    }

    /// <summary>Every problem, by place.</summary>
    public ImmutableArray<Problem> InOrder()
    {
        IEnumerable<Problem> sorted = _problems.OrderBy(p => p.Line).ThenBy(p => p.Column);
        return _left == 0 ? [.. sorted] : [.. sorted, More()];
    }

    private Problem More() => new() { Rule = "more-problems", Message = $"{_left} more problems are not shown; mend these first", File = file };
}
