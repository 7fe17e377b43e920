using Tutti.Cli.Output;
using Tutti.Control.State;
using Tutti.Control.Transitions;
using Tutti.Decisions.Transitions;
using Tutti.Model.Lifecycle;
using Tutti.Server.Api;

namespace Tutti.Cli.Operations;

/// <summary>Says whether an architecture runs as a version set says. Null: not settled yet; empty: everything runs as asked; else why not.</summary>
internal static class SetVerdict
{
    /// <summary>By the way to the set, and by what its services say.</summary>
    public static IReadOnlyList<string>? Of(
        int set, TransitionDocument? transition, IReadOnlyList<ServiceDocument> services, IReadOnlyList<Operation> operations) => transition?.State switch
        {
            null => Of(set, services, operations),
            TransitionState.Running => OfRunning(set, transition, services, operations),
            TransitionState.Succeeded => Newer(set, services) is null ? Of(set, services, operations) : [],
            TransitionState.Failed => OfFailed(set, transition, services, operations),
            TransitionState.RolledBack => [.. Ended(set, transition, operations), .. Restored(transition)],
            _ => Ended(set, transition, operations),
        };

    /// <summary>Where the way to the set is not kept.</summary>
    public static IReadOnlyList<string>? Of(int set, IReadOnlyList<ServiceDocument> services, IReadOnlyList<Operation> operations)
    {
        var failures = Failures(set, operations);
        if (Newer(set, services) is { } newer)
        {
            return failures.Count > 0 ? failures : [$"version set {set} was superseded by set {newer}"];
        }

        IReadOnlyList<string> reasons = failures.Count > 0 ? failures : [.. services.Where(service => service.Status == ServiceStatus.Failed).Select(Stuck)];
        if (reasons.Count > 0)
        {
            return reasons;
        }

        var settled = services.All(service => service.External is not null || (service.Status == ServiceStatus.Run && service.Set == set));
        return settled && !Moves(set, operations) ? [] : null;
    }

    private static IReadOnlyList<string>? OfRunning(
        int set, TransitionDocument transition, IReadOnlyList<ServiceDocument> services, IReadOnlyList<Operation> operations)
    {
        // A scaling that does not finish ends no transition, and what failed before and is not touched now would never let it end.
        var failures = Failures(set, operations);
        IReadOnlyList<string> reasons = failures.Count > 0 ? failures : [.. services.Where(service => IsLeftBehind(transition, service)).Select(Stuck)];
        return reasons.Count > 0 ? reasons : null;
    }

    private static IReadOnlyList<string>? OfFailed(
        int set, TransitionDocument transition, IReadOnlyList<ServiceDocument> services, IReadOnlyList<Operation> operations)
    {
        var reasons = Of(set, services, operations);
        return reasons is null && !Moves(set, operations) ? Ended(set, transition, operations) : reasons;
    }

    /// <summary>A service that is Failed, and that no event of the transition is going to exchange.</summary>
    private static bool IsLeftBehind(TransitionDocument transition, ServiceDocument service) =>
        service is { Status: ServiceStatus.Failed, Operation: null }
        && !transition.Events.Any(e => e.Service == service.Service && (e.Event == TransitionEventKind.Retire || e.State == EventState.Waiting));

    private static IReadOnlyList<string> Ended(int set, TransitionDocument transition, IReadOnlyList<Operation> operations) =>
        Failures(set, operations) is { Count: > 0 } failures ? failures : [$"version set {set} was given up: {transition.Reason ?? "no reason given"}"];

    private static IEnumerable<string> Restored(TransitionDocument transition) =>
        transition.FromSet is { } from ? [$"everything goes back to version set {from}"] : [];

    private static string Stuck(ServiceDocument service) => $"{service.Service} is Failed: {Words.OneLine(service.Cause)}";

    private static int? Newer(int set, IReadOnlyList<ServiceDocument> services) =>
        services.Where(service => service.Set > set).Select(service => (int?)service.Set).Max();

    private static bool Moves(int set, IReadOnlyList<Operation> operations) =>
        operations.Any(operation => operation.ToSet == set && operation.State is OperationState.Running or OperationState.Paused);

    private static List<string> Failures(int set, IReadOnlyList<Operation> operations) =>
    [
        .. from operation in operations
           where operation.ToSet == set && operation.State is OperationState.Failed or OperationState.RolledBack
           // A later operation of the same service to the same set (a resume, say) has the last word.
           where operations.Last(other => other.Service == operation.Service && other.ToSet == set) == operation
           let verb = operation.State == OperationState.Failed ? "failed" : "was rolled back"
           select $"{operation.Service}: {operation.Kind} {operation.Summary} {verb}: {operation.Reason ?? "no reason given"}",
    ];
}
