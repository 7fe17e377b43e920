using System.CommandLine;
using System.Globalization;
using Tutti.Cli.CommandLine;
using Tutti.Server.Api;

namespace Tutti.Cli.Services;

internal sealed class ScaleCommand : WaitingChange
{
    private const int Most = 1_000_000;

    private readonly Argument<string> _number = new("NUMBER") { Description = "How many instances: N, or MIN..MAX" };

    public ScaleCommand()
        : base("scale", "Change the number of instances of a service") => Add(_number);

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("tutti scale web 3", "exactly three instances"),
        new("tutti scale web 2..6", "at least two, at most six"),
        new("tutti scale web 3 --wait", "return when the three are in Run"),
    ];

    protected override object Body(Invocation invocation) => Parse(invocation.Get(_number));

    protected override string Accepted(Invocation invocation, string service) => $"{service} is being scaled to {invocation.Get(_number)}";

    protected override string Already(Invocation invocation, string service) => $"{service} is at {invocation.Get(_number)} already";

    /// <summary>Reads <c>3</c> or <c>2..6</c>.</summary>
    internal static ScaleRequest Parse(string text)
    {
        var dots = text.IndexOf("..", StringComparison.Ordinal);
        var (first, last) = dots < 0 ? (text, text) : (text[..dots], text[(dots + 2)..]);
        if (!int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var min)
            || !int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var max)
            || max > Most
            || min > max)
        {
            throw CliException.BadInput($"'{text}' is not a number of instances: give N or MIN..MAX, from 0 to 1000000, MIN not above MAX");
        }

        return new ScaleRequest(min, max);
    }
}
