using System.Collections.Immutable;
using System.CommandLine;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Output;
using Tutti.Cli.Solve.Reading;
using Tutti.Decisions.Transitions;
using Tutti.Decisions.Versions.Solving;

namespace Tutti.Cli.Solve;

internal sealed class SolveCommand : TuttiCommand
{
    private readonly Argument<string> _file = new("FILE") { Description = "Releases, what runs, and what is asked for: YAML or JSON, at most 64 MiB; - reads standard input" };

    public SolveCommand()
        : base("solve", "Find versions that fit together and the way to them; needs no server")
    {
        Add(_file);
        Add(SharedOptions.Output());
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("tutti solve question.yaml", "the versions, why each changes, and the transition in waves"),
        new("tutti solve question.yaml -o json", "the same for programs; ends with 0 solved, 1 not, 2 bad input"),
        new("echo '{releases: {a: {1.0.0: {b: ^2}}, b: {2.0.0: {}}}, request: {a: newest}}' | tutti solve -", "reads standard input"),
    ];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var path = invocation.Get(_file);
        var terminal = invocation.Terminal;
        var bytes = await SolveInput.ReadAsync(path, terminal, cancellation);

        // Neither reading nor solving looks up: an interrupt leaves them behind, and the process ends with them.
        var file = await Task.Run(() => SolveFileReader.Read(bytes, SolveInput.NameOf(path)), cancellation).WaitAsync(cancellation);
        if (file.Question is not { } question)
        {
            throw new CliException(
                ExitCode.BadInput,
                $"{SolveInput.NameOf(path)} has {Words.Count(file.Problems.Length, "problem")}; nothing was solved",
                [.. file.Problems.Select(problem => problem.ToString())]);
        }

        switch (await Task.Run(() => invocation.Rooms.Solve(question), cancellation).WaitAsync(cancellation))
        {
            case Solution solution:
                PrintSolved(invocation, question, file.Pets, solution);
                return ExitCode.Done;
            case NoSolution none when invocation.Json:
                Listing.PrintJson(terminal, UnsolvedDocument.Of(none));
                return ExitCode.Failed;
            case NoSolution none:
                SolveText.Print(terminal, none);
                return ExitCode.Failed;
            case var other:
                throw new InvalidOperationException($"the solver answered {other.GetType().Name}");
        }
    }

    private static void PrintSolved(Invocation invocation, SolveQuestion question, ImmutableSortedSet<string> pets, Solution solution)
    {
        var transition = Plan(invocation.Rooms, SolvedTransition.Ask(question, pets, solution));
        if (invocation.Json)
        {
            Listing.PrintJson(invocation.Terminal, SolvedDocument.Of(solution, transition));
        }
        else
        {
            SolveText.Print(invocation.Terminal, question, solution, transition);
        }
    }

    // The versions are an answer also where no order leads to them, as for releases that need each other in a ring.
    private static TransitionDocument Plan(Rooms rooms, TransitionQuestion question)
    {
        try
        {
            return TransitionDocument.Of(rooms.Plan(question));
        }
        catch (ArgumentException refused) when (refused.GetType() == typeof(ArgumentException))
        {
            return new TransitionDocument { Refused = refused.Message.Split('\n') };
        }
    }
}
