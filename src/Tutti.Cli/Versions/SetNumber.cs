using System.CommandLine;
using System.Globalization;
using Tutti.Cli.CommandLine;

namespace Tutti.Cli.Versions;

/// <summary>The number of a version set on the command line.</summary>
internal static class SetNumber
{
    public static Argument<string> Required(string name, string description) => new(name) { Description = description };

    public static Argument<string?> Optional(string name, string description) => new(name) { Description = description, Arity = ArgumentArity.ZeroOrOne };

    /// <summary>Reads one.</summary>
    /// <exception cref="CliException">It is no number from 1 on (exit code 2).</exception>
    public static int Parse(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw CliException.BadInput($"'{text}' is not the number of a version set: give a whole number from 1 on, as 'tutti versions' lists them");

    /// <summary>Reads one that may be missing.</summary>
    /// <exception cref="CliException">It is no number from 1 on (exit code 2).</exception>
    public static int? ParseOptional(string? text) => text is null ? null : Parse(text);
}
