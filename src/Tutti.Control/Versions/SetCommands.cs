using Tutti.Control.Commands;
using Tutti.Control.Loop;
using Tutti.Control.State;
using Tutti.Model.Manifest;

namespace Tutti.Control.Versions;

/// <summary>Commands that make a version set: apply, scale, rollback; and destroy, which keeps them all.</summary>
internal sealed class SetCommands(Workspace work, ReleaseCatalogue catalogue)
{
    private readonly SetWriter _sets = new(work);

    public CommandResult Apply(ApplyManifest command)
    {
        var architecture = work.State.Architectures.Find(command.Spec.Name);
        if (catalogue.Conflict(command.Spec) is { } conflict)
        {
            return conflict;
        }

        var hash = ContentHash.Of(command.Spec);
        var current = architecture is null ? null : work.State.Set(architecture.Name, architecture.CurrentSet);
        if (current?.ContentHash == hash)
        {
            if (architecture!.Destroyed)
            {
                _sets.BringBack(architecture, current);
                work.Journal(EventKind.Set, $"{command.Author} brings {architecture.Name} back", architecture.Name, to: $"{current.Number}");
            }

            return new CommandResult { Set = current.Number, Changed = architecture.Destroyed };
        }

        var result = _sets.Make(architecture, new NewSet(command.Spec, null, command.Author, command.Message, command.AllowGap));
        if (result.Accepted)
        {
            catalogue.Record(command.Spec);
        }

        return result;
    }

    /// <summary>Makes a set that was worked out from the current one.</summary>
    public CommandResult Move(MoveArchitecture command)
    {
        if (Find(command.Spec.Name, out var architecture, out var current) is { } missing)
        {
            return missing;
        }

        if (architecture.Destroyed)
        {
            return Down(architecture);
        }

        if (current.Number != command.FromSet)
        {
            return Refuse.With("conflict", $"{architecture.Name} moved on from set {command.FromSet} to set {current.Number} meanwhile: ask again");
        }

        return ContentHash.Of(command.Spec) == current.ContentHash
            ? new CommandResult { Set = current.Number, Changed = false }
            : _sets.Make(architecture, new NewSet(command.Spec, command.RollbackOf, command.Author, command.Message, command.AllowGap));
    }

    public CommandResult Scale(ScaleService command)
    {
        if (Find(command.Architecture, out var architecture, out var current) is { } missing)
        {
            return missing;
        }

        if (architecture.Destroyed)
        {
            return Down(architecture);
        }

        if (!current.Spec.Services.TryGetValue(command.Service, out var service))
        {
            return Refuse.NotFound("service", command.Service, current.Spec.Services.Keys);
        }

        if (service.External is not null)
        {
            return Refuse.With("invalid", $"{command.Service} is external: Tutti does not run it, so it cannot be scaled");
        }

        if (command.Min < 0 || command.Max < command.Min || command.Max > 1_000_000)
        {
            return Refuse.With("invalid", $"{command.Min}..{command.Max} is no number of instances: from 0 to 1,000,000, the first not above the second");
        }

        var instances = new InstancesSpec { Min = command.Min, Max = command.Max };
        if (service.Instances == instances)
        {
            return new CommandResult { Set = current.Number, Changed = false };
        }

        var spec = current.Spec with { Services = current.Spec.Services.SetItem(command.Service, service with { Instances = instances }) };
        var range = command.Min == command.Max ? $"{command.Min}" : $"{command.Min}..{command.Max}";

        // The versions stay: whatever gap is on its way has been agreed to.
        return _sets.Make(architecture, new NewSet(spec, null, command.Author, $"scale {command.Service} to {range}", AllowGap: true));
    }

    public CommandResult Rollback(RollbackArchitecture command)
    {
        if (Find(command.Architecture, out var architecture, out var current) is { } missing)
        {
            return missing;
        }

        if (architecture.Destroyed)
        {
            return Down(architecture);
        }

        if ((command.Set ?? SetHistory.Previous(current, each => work.State.Set(architecture.Name, each))) is not { } number)
        {
            return Refuse.With("conflict", $"{architecture.Name} has no set before set {current.Number}: there is nothing to go back to");
        }

        if (work.State.Set(architecture.Name, number) is not { } target)
        {
            return Refuse.NotFound("version set", $"{number}", work.State.SetsOf(architecture.Name).TakeLast(20).Select(set => $"{set.Number}"));
        }

        if (!command.Force && SetHistory.Irreversible(current, target) is { } stuck)
        {
            return new CommandResult { Changed = false, Refusal = stuck };
        }

        if (target.ContentHash == current.ContentHash)
        {
            return new CommandResult { Set = current.Number, Changed = false };
        }

        return _sets.Make(architecture, new NewSet(target.Spec, number, command.Author, $"rollback to set {number}", command.AllowGap));
    }

    public CommandResult Destroy(DestroyArchitecture command)
    {
        if (Find(command.Architecture, out var architecture, out var current) is { } missing)
        {
            return missing;
        }

        if (architecture.Destroyed)
        {
            return new CommandResult { Set = current.Number, Changed = false };
        }

        _sets.TakeDown(architecture, command.Author);
        work.Journal(EventKind.Set, $"{command.Author} takes {architecture.Name} down", architecture.Name, from: $"{current.Number}");
        return new CommandResult { Set = current.Number };
    }

    /// <summary>Finds an architecture and its current set, or says what there is instead.</summary>
    public CommandResult? Find(string name, out Architecture architecture, out VersionSet current)
    {
        architecture = work.State.Architectures.Find(name)!;
        current = architecture is null ? null! : work.State.Set(name, architecture.CurrentSet)!;
        return architecture is null ? Refuse.NotFound("architecture", name, work.State.Architectures.All.Select(each => each.Name)) : null;
    }

    private static CommandResult Down(Architecture architecture) =>
        Refuse.With("conflict", $"{architecture.Name} is destroyed: apply its manifest to bring it back");
}
