namespace Tutti.Model.Problems;

/// <summary>Whether a problem stops what was asked.</summary>
public enum Severity
{
    /// <summary>It is refused.</summary>
    Error,

    /// <summary>It is accepted, and said.</summary>
    Warning,
}

/// <summary>One thing that is wrong with what a person wrote, tied to its place.</summary>
public sealed record Problem
{
    /// <summary>Stable kebab-case name of the rule, such as <c>unknown-key</c> or <c>dependency-cycle</c>.</summary>
    public required string Rule { get; init; }

    /// <summary>One sentence that names the thing and the remedy.</summary>
    public required string Message { get; init; }

    /// <summary>Error or warning.</summary>
    public Severity Severity { get; init; }

    /// <summary>The file as the person named it, where there is one.</summary>
    public string? File { get; init; }

    /// <summary>Line, from 1; 0 where unknown.</summary>
    public int Line { get; init; }

    /// <summary>Column, from 1; 0 where unknown.</summary>
    public int Column { get; init; }

    /// <summary>Path inside the document: <c>services.web.dependsOn.cart.accepts</c>.</summary>
    public string? Path { get; init; }

    /// <summary>What stood there.</summary>
    public string? Found { get; init; }

    /// <summary>What may stand there.</summary>
    public string? Expected { get; init; }

    /// <summary>The nearest right spelling.</summary>
    public string? Suggestion { get; init; }

    /// <summary><c>file:line:column: error: message</c>, the form editors jump to.</summary>
    public override string ToString()
    {
        var place = File is null ? "" : Line == 0 ? $"{File}: " : $"{File}:{Line}:{Column}: ";
        return $"{place}{(Severity == Severity.Error ? "error" : "warning")}: {Message}";
    }
}
