using Tutti.Cli.Apply;
using Tutti.Cli.Architectures;
using Tutti.Cli.Events;
using Tutti.Cli.Instances;
using Tutti.Cli.Manifest;
using Tutti.Cli.Nodes;
using Tutti.Cli.Operations;
using Tutti.Cli.Services;
using Tutti.Cli.Serving;
using Tutti.Cli.Solve;
using Tutti.Cli.Up;
using Tutti.Cli.Versions;

namespace Tutti.Cli.CommandLine;

/// <summary>Every command, in the order of the help. A new command is one line here.</summary>
internal static class Commands
{
    public static IReadOnlyList<TuttiCommand> All() =>
    [
        new UpCommand(),
        new DownCommand(),
        new ApplyCommand(),
        new PlanCommand(),
        new PsCommand(),
        new InstancesCommand(),
        new LogsCommand(),
        new ScaleCommand(),
        new RestartCommand(),
        new PauseCommand(),
        new UnpauseCommand(),
        new ResumeCommand(),
        new RollbackCommand(),
        new DestroyCommand(),
        new HistoryCommand(),
        new OperationsCommand(),
        new EventsCommand(),
        new VersionsCommand(),
        new ReleasesCommand(),
        new ReleaseCommand(),
        new NodesCommand(),
        new DrainCommand(),
        new ServerCommand(),
        new AgentCommand(),
        new ValidateCommand(),
        new SchemaCommand(),
        new SolveCommand(),
    ];
}
