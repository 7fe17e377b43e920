using System.Globalization;
using Tutti.Control.Commands;
using Tutti.Control.Loop;
using Tutti.Control.State;
using Tutti.Control.Transitions;
using Tutti.Decisions.Transitions;
using Tutti.Model.Manifest;

namespace Tutti.Control.Versions;

/// <summary>Makes version sets, each with the transition that leads to it. The one place that does.</summary>
internal sealed class SetWriter(Workspace work)
{
    private readonly TransitionLog _transitions = new(work);
    private readonly SideRoom _room = new(work);

    /// <summary>Makes the next set, or says why the way to it may not be gone.</summary>
    public CommandResult Make(Architecture? architecture, NewSet asked)
    {
        var name = asked.Spec.Name;
        TransitionPlan plan;
        try
        {
            plan = _transitions.Plan(name, asked.Spec);
        }
        catch (ArgumentException unplannable)
        {
            return Refuse.With("invalid", unplannable.Message);
        }

        if (!asked.AllowGap && GapConsent.Missing(work.State, name, plan) is { } gap)
        {
            return Refuse.With("gap", gap);
        }

        if (asked.Failure is null && _room.Lacks(name, asked.Spec, plan) is { } lack)
        {
            return Refuse.With("no-room", lack);
        }

        architecture ??= new Architecture { Name = name, CurrentSet = 0, LastSet = 0 };
        var set = new VersionSet
        {
            Architecture = name,
            Number = architecture.LastSet + 1,
            Parent = architecture.CurrentSet == 0 ? null : architecture.CurrentSet,
            RollbackOf = asked.RollbackOf,
            Author = asked.Author,
            Time = work.Now,
            Message = asked.Message,
            ContentHash = ContentHash.Of(asked.Spec),
            Spec = asked.Spec,
        };
        work.Put(set);
        work.Journal(
            EventKind.Set,
            set.Message.Length > 0 ? $"set {set.Number} by {set.Author}: {set.Message}" : $"set {set.Number} by {set.Author}",
            name,
            from: set.Parent?.ToString(CultureInfo.InvariantCulture),
            to: $"{set.Number}");
        _transitions.Begin(architecture, set, plan, asked.Failure);
        work.Put(architecture with { CurrentSet = set.Number, LastSet = set.Number, Destroyed = false });
        return new CommandResult { Set = set.Number };
    }

    /// <summary>Takes an architecture down: whatever was on its way is superseded.</summary>
    public void TakeDown(Architecture architecture, string author)
    {
        if (_transitions.Current(architecture) is { } running)
        {
            _transitions.End(running, TransitionState.Superseded, $"{author} took {architecture.Name} down");
        }

        work.Put(architecture with { Destroyed = true, StableSet = null });
    }

    /// <summary>Brings it back as it was in its current set.</summary>
    public void BringBack(Architecture architecture, VersionSet set)
    {
        architecture = architecture with { Destroyed = false, StableSet = null };
        _transitions.Begin(architecture, set, _transitions.Plan(architecture.Name, set.Spec));
        work.Put(architecture);
    }
}

/// <summary>A set that is asked for.</summary>
/// <param name="Spec">What it holds.</param>
/// <param name="RollbackOf">The earlier set it restores, in full or in part; null: none.</param>
/// <param name="Author">Who asks.</param>
/// <param name="Message">Why, in a line.</param>
/// <param name="AllowGap">Whether consumers may lack a pet for a while.</param>
/// <param name="Failure">Why what is on its way is given up: it goes back, and lacking room does not stop that. Null: nothing has failed.</param>
internal sealed record NewSet(ArchitectureSpec Spec, int? RollbackOf, string Author, string Message, bool AllowGap, string? Failure = null);
