using System.Collections.Immutable;
using Tutti.Model.Problems;

namespace Tutti.Cli.Solve.Reading;

/// <summary>Collects what is wrong with one file.</summary>
internal sealed class ProblemLog(string file)
{
    /// <summary>Most problems that are kept of one file.</summary>
    public const int Most = 100;

    private readonly List<Problem> _problems = [];
    private int _left;

    /// <summary>How many problems there are, kept or not.</summary>
    public int Count => _problems.Count + _left;

    /// <summary>Whether there is still room: a message that is dear to make is made only then.</summary>
    public bool HasRoom => _problems.Count < Most;

    public void Add(SolveTokens tokens, Mark mark, string rule, string message, string? suggestion = null)
    {
        if (!HasRoom)
        {
            _left++;
            return;
        }

        var (line, column) = tokens.Locate(mark);
        Add(rule, line, column, message, suggestion);
    }

    public void Add(string rule, int line, int column, string message, string? suggestion = null) =>
        _problems.Add(new Problem { Rule = rule, Message = message, File = file, Line = line, Column = column, Suggestion = suggestion });

    /// <summary>Every problem, by place.</summary>
    public ImmutableArray<Problem> InOrder()
    {
        IEnumerable<Problem> sorted = _problems.OrderBy(problem => problem.Line).ThenBy(problem => problem.Column);
        return _left == 0
            ? [.. sorted]
            : [.. sorted, new Problem { Rule = "more-problems", Message = $"{_left} more problems are not shown; mend these first", File = file }];
    }
}
