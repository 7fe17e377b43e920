using System.CommandLine;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Tests.Fakes;

namespace Tutti.Cli.Tests.CommandLine;

public sealed class CommandLineTests
{
    public static TheoryData<string> EveryCommand => [.. All().Select(command => command.Line)];

    public static TheoryData<string> CommandsThatNeedAnArgument =>
    [
        "apply", "plan", "up", "validate", "release add",
        .. All().Where(pair => pair.Command.Arguments.Any(argument => argument.Arity.MinimumNumberOfValues > 0)).Select(pair => pair.Line),
    ];

    [Fact]
    public async Task Alone_prints_the_help()
    {
        using var run = new CliRun();
        Assert.Equal(ExitCode.Done, await run.RunAsync());
        Assert.All(Commands.All(), command => Assert.Contains(command.Name, run.Out, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Version_is_one_line()
    {
        using var run = new CliRun();
        Assert.Equal(ExitCode.Done, await run.RunAsync("--version"));
        Assert.Equal("tutti 0.1.0\n", run.Out);
    }

    [Theory]
    [MemberData(nameof(EveryCommand))]
    public async Task Help_has_description_and_examples(string command)
    {
        using var run = new CliRun();
        Assert.Equal(ExitCode.Done, await run.RunAsync([.. command.Split(' '), "--help"]));
        Assert.Contains("Description:", run.Out, StringComparison.Ordinal);
        Assert.Contains($"Examples:\n  tutti {command}", run.Out, StringComparison.Ordinal);
        Assert.Empty(run.Error);
    }

    [Theory]
    [MemberData(nameof(EveryCommand))]
    public async Task An_unknown_option_is_bad_input(string command)
    {
        using var run = new CliRun();
        Assert.Equal(ExitCode.BadInput, await run.RunAsync([.. command.Split(' '), "--frobnicate"]));
        Assert.Contains($"See 'tutti {command} --help'.", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Out);
    }

    [Theory]
    [MemberData(nameof(CommandsThatNeedAnArgument))]
    public async Task A_missing_argument_is_named(string command)
    {
        using var run = new CliRun();
        Assert.Equal(ExitCode.BadInput, await run.RunAsync(command.Split(' ')));
        Assert.Contains("is missing:", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("aply", "error: there is no command 'aply'; did you mean 'apply'?\nSee 'tutti --help'.\n")]
    [InlineData("rolback", "error: there is no command 'rolback'; did you mean 'rollback'?\nSee 'tutti --help'.\n")]
    [InlineData("frobnicate", "error: there is no command 'frobnicate'\nSee 'tutti --help'.\n")]
    public async Task An_unknown_command_is_bad_input_with_the_nearest(string word, string expected)
    {
        using var run = new CliRun();
        Assert.Equal(ExitCode.BadInput, await run.RunAsync(word, "x"));
        Assert.Equal(expected, run.Error);
    }

    [Fact]
    public async Task An_option_before_its_command_is_told_its_place()
    {
        using var run = new CliRun();
        Assert.Equal(ExitCode.BadInput, await run.RunAsync("-a", "shop", "ps"));
        Assert.Contains("'-a'; it belongs behind the command", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("versions -a shop show 3", "error: -a belongs behind 'show'\nSee 'tutti versions show --help'.\n")]
    [InlineData("versions shwo 3", "error: there is no command 'versions shwo'; did you mean 'versions show'?\nSee 'tutti versions --help'.\n")]
    [InlineData("versions show 3a", "error: '3a' is not the number of a version set: give a whole number from 1 on, as 'tutti versions' lists them\n")]
    [InlineData("apply a.yaml -f b.yaml", "error: the manifest is named twice; give FILE, or -f FILE\nSee 'tutti apply --help'.\n")]
    [InlineData("release", "error: say what to do with a release: 'tutti release add FILE' records one; 'tutti releases' lists them\n")]
    [InlineData("release ad x", "error: there is no command 'release ad'; did you mean 'release add'?\nSee 'tutti release --help'.\n")]
    [InlineData("plan", "error: FILE is missing: The manifest\nSee 'tutti plan --help'.\n")]
    public async Task What_cannot_be_read_is_named_with_the_remedy(string line, string expected)
    {
        using var run = new CliRun();
        Assert.Equal(ExitCode.BadInput, await run.RunAsync(line.Split(' ')));
        Assert.EndsWith(expected, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_option_has_the_nearest()
    {
        using var run = new CliRun();
        Assert.Equal(ExitCode.BadInput, await run.RunAsync("ps", "--architectur", "shop"));
        Assert.Contains("'--architectur'; did you mean '--architecture'?", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ps", "-o", "yaml")]
    [InlineData("scale", "web", "-1")]
    [InlineData("scale", "web", "6..2")]
    [InlineData("scale", "web", "2..")]
    [InlineData("scale", "web", "1000001")]
    [InlineData("rollback", "--set", "0")]
    [InlineData("rollback", "--set", "x")]
    [InlineData("logs", "web", "--tail", "-3")]
    [InlineData("events", "--limit", "0")]
    [InlineData("apply", "f", "--wait", "--no-wait")]
    [InlineData("apply", "f", "-f", "g")]
    [InlineData("plan", "-f")]
    [InlineData("versions", "--limit", "0")]
    [InlineData("versions", "-o", "yaml")]
    [InlineData("versions", "-a", "shop", "show", "3")]
    [InlineData("release")]
    [InlineData("release", "add", "f", "-f", "g")]
    [InlineData("releases", "web", "-o", "yaml")]
    [InlineData("versions", "show", "x")]
    [InlineData("versions", "show", "0")]
    [InlineData("versions", "diff")]
    [InlineData("versions", "diff", "1", "+2")]
    [InlineData("versions", "diff", "99999999999")]
    [InlineData("server", "--dns", "here")]
    [InlineData("server", "--listen", "ftp://x")]
    [InlineData("ps", "--server", "not a url")]
    [InlineData("agent", "--join", "http://a:1", "--token", "t", "--label", "zone")]
    [InlineData("agent", "--join", "http://a:1", "--token", "t", "--label", "a=1", "--label", "a=2")]
    [InlineData("agent", "--join", "http://a:1", "--token", "t", "--cpu", "many")]
    [InlineData("agent", "--join", "http://a:1", "--token", "t", "--memory", "4G")]
    [InlineData("agent", "--join", "http://a:1", "--token", "t", "--ports", "9-1")]
    [InlineData("agent", "--join", "http://a:1")]
    public async Task Bad_values_are_bad_input(params string[] args)
    {
        using var run = new CliRun();
        Assert.Equal(ExitCode.BadInput, await run.RunAsync(args));
        Assert.StartsWith("error: ", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Out);
    }

    [Fact]
    public async Task A_fault_of_the_program_is_a_failure_and_says_so()
    {
        using var run = new CliRun();
        run.Rooms = run.Rooms with { ManifestSchema = () => throw new InvalidOperationException("boom") };
        Assert.Equal(ExitCode.Failed, await run.RunAsync("schema"));
        Assert.Contains("a fault in tutti itself ended 'schema'", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_command_is_in_the_documentation()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Tutti.slnx")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        var page = File.ReadAllText(Path.Combine(folder, "docs", "cli.md"));
        Assert.All(All(), command =>
        {
            Assert.Contains($"### `tutti {command.Line}", page, StringComparison.Ordinal);
            Assert.All(command.Command.Options, option => Assert.Contains(option.Name, page, StringComparison.Ordinal));
        });
    }

    /// <summary>Every command and those below it, as they are typed.</summary>
    private static IEnumerable<(string Line, Command Command)> All() =>
        Commands.All().SelectMany(command => command.Subcommands.Select(below => ($"{command.Name} {below.Name}", below)).Prepend((command.Name, command)));
}
