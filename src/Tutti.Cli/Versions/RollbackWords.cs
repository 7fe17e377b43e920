using System.Collections.Immutable;
using System.CommandLine;
using Tutti.Cli.CommandLine;
using Tutti.Server.Api;

namespace Tutti.Cli.Versions;

/// <summary>The words that say what to go back to, and what may not follow.</summary>
internal sealed class RollbackWords
{
    private readonly Argument<string?> _service = new("SERVICE")
    {
        Description = "Only this service, with whatever must follow it (default: the whole architecture)",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _to = new("--to") { Description = "Its version, or a range (default: the release before)", HelpName = "RANGE" };
    private readonly Option<int?> _set = new("--set") { Description = "The version set to go back to (default: the one before)", HelpName = "N" };
    private readonly Option<string[]> _pin = new("--pin") { Description = "A range that another service must stay in; may be repeated", HelpName = "SERVICE=RANGE" };
    private readonly Option<string[]> _hold = new("--hold") { Description = "A service that must stay as it is; may be repeated", HelpName = "SERVICE" };
    private readonly Option<bool> _force = new("--force") { Description = "Also past a release that is not reversible" };
    private readonly Option<bool> _allowGap = SharedOptions.AllowGap();

    public void AddTo(Command command)
    {
        command.Add(_service);
        command.Add(_to);
        command.Add(_set);
        command.Add(_pin);
        command.Add(_hold);
        command.Add(_force);
        command.Add(_allowGap);
    }

    /// <exception cref="CliException">They cannot be understood (exit code 2).</exception>
    public RollbackRequest Of(Invocation invocation)
    {
        var set = invocation.Get(_set);
        if (set < 1)
        {
            throw CliException.BadInput($"--set {set}: version sets are numbered from 1");
        }

        return new RollbackRequest
        {
            Service = invocation.GetOptional(_service),
            To = invocation.Get(_to),
            Set = set,
            Pin = Pins(invocation.Get(_pin) ?? []),
            Hold = [.. invocation.Get(_hold) ?? []],
            Force = invocation.Get(_force),
            AllowGap = invocation.Get(_allowGap),
        };
    }

    private static ImmutableSortedDictionary<string, string> Pins(string[] words)
    {
        var pins = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var word in words)
        {
            // The first sign of equality: a range may begin with another, as in cart==2.0.0.
            var end = word.IndexOf('=');
            if (end < 1 || end == word.Length - 1)
            {
                throw CliException.BadInput($"--pin {word}: expected SERVICE=RANGE, such as cart=^2");
            }

            if (!pins.TryAdd(word[..end], word[(end + 1)..]))
            {
                throw CliException.BadInput($"--pin {word}: {word[..end]} is pinned twice; join the ranges, as in '{word[..end]}=>=2.0 <2.2'");
            }
        }

        return pins.ToImmutable();
    }
}
