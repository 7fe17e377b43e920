using Tutti.Control.Commands;
using Tutti.Control.Loop;
using Tutti.Control.State;
using Tutti.Model.Manifest;
using Tutti.Model.Versions;

namespace Tutti.Control.Versions;

/// <summary>Commands that make a version set: apply, scale, rollback; and destroy, which keeps them all.</summary>
internal sealed class SetCommands(Workspace work)
{
    public CommandResult Apply(ApplyManifest command)
    {
        var architecture = work.State.Architectures.Find(command.Spec.Name);
        if (RecordedReleases.Differences(work.State, command.Spec) is { Length: > 0 } problems)
        {
            return Refuse.With(
                "immutable-release",
                problems.Length == 1 ? problems[0].Message : $"{problems.Length} releases differ from what was recorded under the same version; raise their versions",
                problems);
        }

        var hash = ContentHash.Of(command.Spec);
        var current = architecture is null ? null : work.State.Set(architecture.Name, architecture.CurrentSet);
        if (current?.ContentHash == hash)
        {
            if (architecture!.Destroyed)
            {
                work.Put(architecture with { Destroyed = false });
                work.Journal(EventKind.Set, $"{command.Author} brings {architecture.Name} back", architecture.Name, to: $"{current.Number}");
            }

            return new CommandResult { Set = current.Number, Changed = architecture.Destroyed };
        }

        foreach (var (name, service) in command.Spec.Services)
        {
            Record(command.Spec.Name, name, service);
        }

        return Make(architecture, command.Spec, null, command.Author, command.Message);
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
        return Make(architecture, spec, null, command.Author, $"scale {command.Service} to {range}");
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

        if ((command.Set ?? Previous(current)) is not { } number)
        {
            return Refuse.With("conflict", $"{architecture.Name} has no set before set {current.Number}: there is nothing to go back to");
        }

        if (work.State.Set(architecture.Name, number) is not { } target)
        {
            return Refuse.NotFound("version set", $"{number}", work.State.SetsOf(architecture.Name).TakeLast(20).Select(set => $"{set.Number}"));
        }

        if (!command.Force && Irreversible(current.Spec, target.Spec) is { } stuck)
        {
            return Refuse.With("not-reversible", $"{stuck} is marked 'reversible: false' and set {number} is older: use --force to go back all the same");
        }

        if (target.ContentHash == current.ContentHash)
        {
            return new CommandResult { Set = current.Number, Changed = false };
        }

        return Make(architecture, target.Spec, number, command.Author, $"rollback to set {number}");
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

        work.Put(architecture with { Destroyed = true });
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

    private CommandResult Make(Architecture? architecture, ArchitectureSpec spec, int? rollbackOf, string author, string message)
    {
        var set = new VersionSet
        {
            Architecture = spec.Name,
            Number = (architecture?.LastSet ?? 0) + 1,
            Parent = architecture?.CurrentSet,
            RollbackOf = rollbackOf,
            Author = author,
            Time = work.Now,
            Message = message,
            ContentHash = ContentHash.Of(spec),
            Spec = spec,
        };
        work.Put(set);
        work.Put((architecture ?? new Architecture { Name = spec.Name, CurrentSet = 0, LastSet = 0 }) with { CurrentSet = set.Number, LastSet = set.Number, Destroyed = false });
        work.Journal(EventKind.Set, message.Length > 0 ? $"set {set.Number} by {author}: {message}" : $"set {set.Number} by {author}", spec.Name, from: set.Parent?.ToString(System.Globalization.CultureInfo.InvariantCulture), to: $"{set.Number}");
        return new CommandResult { Set = set.Number };
    }

    private static CommandResult Down(Architecture architecture) =>
        Refuse.With("conflict", $"{architecture.Name} is destroyed: apply its manifest to bring it back");

    /// <summary>The set before the one whose content is current: rolling back twice goes back two steps, not back and forth.</summary>
    private int? Previous(VersionSet current)
    {
        var origin = current;
        while (origin.RollbackOf is { } number && work.State.Set(current.Architecture, number) is { } restored)
        {
            if (restored.ContentHash != origin.ContentHash)
            {
                // An automatic rollback restored one service of it: the whole of it is the step before.
                return number;
            }

            origin = restored;
        }

        return origin.Parent;
    }

    private void Record(string architecture, string name, ServiceSpec service)
    {
        if (service.Version is { } version && work.State.Releases.Find($"{architecture}/{name}/{version}") is null)
        {
            work.Put(new Release { Architecture = architecture, Service = name, Version = version, Recorded = work.Now, Spec = service });
        }
    }
    private static string? Irreversible(ArchitectureSpec current, ArchitectureSpec target) =>
        (from pair in current.Services
         let before = target.Services.GetValueOrDefault(pair.Key)?.Version
         where !pair.Value.Reversible && before is not null && pair.Value.Version is not null && before.CompareTo(pair.Value.Version) < 0
         select $"{pair.Key} {pair.Value.Version}").FirstOrDefault();
}
