using System.Collections.Immutable;
using Tutti.Control.Loop;
using Tutti.Control.State;
using Tutti.Decisions.Rollouts;
using Tutti.Model.Manifest;

namespace Tutti.Control.Rollouts;

/// <summary>Keeps sides that are to go, but are still needed, at the number they had: what fails of them is replaced by its like.</summary>
internal sealed class HeldSides(Workspace work, RolloutSteps steps)
{
    /// <summary>Takes the next small steps of each of these sides.</summary>
    public void Keep(Service service, ImmutableArray<OldSide> held)
    {
        foreach (var side in held)
        {
            if (work.State.Set(service.Architecture, side.Set) is not { } set || set.Spec.Services.GetValueOrDefault(service.Name) is not { External: null } spec)
            {
                continue;
            }

            // The planner is shown the side alone, as if it were all there is of the service.
            var others = work.State.InstancesOf(service.Key).Values
                .Select(instance => instance.Version)
                .Distinct()
                .Where(version => !version.Equals(side.Version))
                .Select(version => side with { Version = version })
                .ToImmutableArray();
            var alone = service with { Target = new ServiceTarget(side.Set, Template(service, side, set, spec), side.Instances), StableSet = null, Paused = false };
            var snapshot = steps.Snapshot(alone, spec with { Update = spec.Update with { Strategy = UpdateStrategy.Rolling } }, null, blocked: false, others);
            var plan = steps.Plan(service, snapshot);
            steps.Apply(alone, set, spec, snapshot, plan);
            work.Agenda.WakeAt(service.Key, plan.Wake);
        }
    }

    /// <summary>The template of its newest instance: a restart that was asked for since is for what takes its place.</summary>
    private string Template(Service service, OldSide side, VersionSet set, ServiceSpec spec) =>
        work.State.InstancesOf(service.Key).Values
            .Where(instance => instance.Version.Equals(side.Version))
            .OrderByDescending(instance => instance.Set)
            .ThenByDescending(instance => instance.Created)
            .ThenBy(instance => instance.Id, StringComparer.Ordinal)
            .FirstOrDefault()?.Template ?? work.Template(spec, service.Restart);
}
