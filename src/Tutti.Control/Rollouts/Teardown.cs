using Tutti.Control.Loop;
using Tutti.Control.State;
using Tutti.Model.Agents;
using Tutti.Model.Lifecycle;

namespace Tutti.Control.Rollouts;

/// <summary>Takes down a service that is no longer wanted; when nothing of it runs, it is forgotten, and its history stays.</summary>
internal sealed class Teardown(Workspace work, OperationLog operations, RolloutSteps steps)
{
    public void Reconcile(ServiceKey key, VersionSet? set, string cause)
    {
        if (work.State.Service(key) is not { } service)
        {
            return;
        }

        if (service.Status != ServiceStatus.Destroy)
        {
            service = operations.Begin(service, OperationKind.Destroy, set!, null, cause);
            service = work.SetStatus(service with { Target = null, StableSet = service.StableSet }, ServiceStatus.Destroy, cause);
            work.Put(service);
        }

        foreach (var instance in work.State.InstancesOf(key).Values.OrderBy(instance => instance.Id, StringComparer.Ordinal).ToList())
        {
            steps.Stop(instance, cause);
        }

        steps.Bury(key, _ => true);
        var left = work.State.InstancesOf(key).Count;
        if (left > 0)
        {
            if (operations.Current(service) is { } running)
            {
                operations.Advance(running, Math.Max(0, running.Total - left), 0, null);
            }

            return;
        }

        if (operations.Current(service) is { } done)
        {
            operations.End(done, OperationState.Succeeded, null);
        }

        work.Remove(service);
    }
}
