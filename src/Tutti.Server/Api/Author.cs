namespace Tutti.Server.Api;

/// <summary>Who asks, as the journal and the version sets show it.</summary>
internal static class Author
{
    private const int Longest = 200;

    /// <summary><c>api</c> where nobody is named.</summary>
    /// <exception cref="RequestRefusedException">The name is too long or holds control characters.</exception>
    public static string Of(string? author)
    {
        if (string.IsNullOrWhiteSpace(author))
        {
            return "api";
        }

        return author.Length <= Longest && !author.Any(char.IsControl)
            ? author
            : throw new RequestRefusedException(ProblemAnswer.Malformed($"author is longer than {Longest} characters or holds control characters"));
    }
}
