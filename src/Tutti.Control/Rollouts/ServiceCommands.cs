using Tutti.Control.Commands;
using Tutti.Control.Loop;
using Tutti.Control.State;
using Tutti.Model.Lifecycle;

namespace Tutti.Control.Rollouts;

/// <summary>Restart, pause and resume one service.</summary>
internal sealed class ServiceCommands(Workspace work)
{
    private readonly OperationLog _operations = new(work);

    public CommandResult Restart(RestartService command)
    {
        if (Find(command.Architecture, command.Service, out var service) is { } missing)
        {
            return missing;
        }

        if (service.Status == ServiceStatus.Destroy)
        {
            return Refuse.With("conflict", $"{service.Name} is being destroyed: apply its manifest to bring it back");
        }

        work.Put(service with { Restart = service.Restart + 1, RestartedBy = command.Author });
        work.Agenda.Mark(service.Key);
        return new CommandResult { Set = service.Target?.Set };
    }

    public CommandResult Pause(PauseService command)
    {
        if (Find(command.Architecture, command.Service, out var service) is { } missing)
        {
            return missing;
        }

        if (service.Paused == command.Paused)
        {
            return new CommandResult { Changed = false, Set = service.Target?.Set };
        }

        work.Put(service with { Paused = command.Paused });
        if (_operations.Current(service) is { } operation)
        {
            work.Put(operation with { State = command.Paused ? OperationState.Paused : OperationState.Running, ProgressAt = work.Now });
        }

        work.Journal(
            EventKind.Operation,
            command.Paused ? $"{command.Author} paused {service.Name}" : $"{command.Author} let {service.Name} go on",
            service.Architecture,
            service.Name);
        work.Agenda.Mark(service.Key);
        return new CommandResult { Set = service.Target?.Set };
    }

    public CommandResult Resume(ResumeService command)
    {
        if (Find(command.Architecture, command.Service, out var service) is { } missing)
        {
            return missing;
        }

        if (service.Status != ServiceStatus.Failed)
        {
            return Refuse.With("conflict", $"{service.Name} is in {service.Status}, not Failed: there is nothing to resume");
        }

        var set = work.State.Set(service.Architecture, service.Target!.Set)!;
        var cause = $"resumed by {command.Author}";
        service = service with { FailureStreak = 0, NotBefore = null, Restarts = [] };
        var kind = service.StableSet is null ? OperationKind.Provision : _operations.Unfinished(service, service.Target) ?? OperationKind.Provision;
        service = _operations.Begin(service, kind, set, set.Spec.Services[service.Name], cause, command.Author);
        work.SetStatus(service, kind == OperationKind.Provision ? ServiceStatus.Provision : ServiceStatus.Update, cause);
        work.Agenda.Mark(service.Key);
        return new CommandResult { Set = set.Number };
    }

    private CommandResult? Find(string architecture, string name, out Service service)
    {
        service = work.State.Service(new ServiceKey(architecture, name))!;
        if (service is not null)
        {
            return null;
        }

        return work.State.Architectures.Find(architecture) is null
            ? Refuse.NotFound("architecture", architecture, work.State.Architectures.All.Select(each => each.Name))
            : Refuse.NotFound("service", name, work.State.ServicesOf(architecture).Select(each => each.Name));
    }
}
