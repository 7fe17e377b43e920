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
            // Taking down overrides a pause: who asks for the one no longer waits for the other.
            service = operations.Begin(service with { Paused = false }, OperationKind.Destroy, set!, null, cause);
            service = work.SetStatus(service with { Target = null }, ServiceStatus.Destroy, cause);
        }

        StopAll(key, cause);
        steps.Bury(key, _ => true);
        var left = work.State.InstancesOf(key).Count;
        if (left > 0)
        {
            if (LostNode(key) is { } lost)
            {
                work.SetStatus(service, ServiceStatus.Destroy, $"waits for node {lost}, which is lost: bring it back, or remove it from the cluster");
            }

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

    private void StopAll(ServiceKey key, string cause)
    {
        var running = work.State.InstancesOf(key).Values
            .Where(instance => instance.Goal == AssignmentGoal.Run)
            .OrderBy(instance => instance.Id, StringComparer.Ordinal)
            .ToList();
        foreach (var instance in running.Take(work.Budget))
        {
            steps.Stop(instance, cause);
        }

        if (running.Count > work.Budget)
        {
            work.Agenda.Mark(key);
        }

        work.Budget -= Math.Min(running.Count, work.Budget);
    }

    private string? LostNode(ServiceKey key) =>
        work.State.InstancesOf(key).Values
            .Select(instance => instance.Node ?? "")
            .Where(node => work.State.Nodes.Find(node)?.Status == NodeStatus.Lost)
            .Order(StringComparer.Ordinal)
            .FirstOrDefault();
}
