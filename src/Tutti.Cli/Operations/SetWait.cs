using Tutti.Cli.Client;
using Tutti.Cli.Output;
using Tutti.Control.State;
using Tutti.Model.Lifecycle;
using Tutti.Server.Api;

namespace Tutti.Cli.Operations;

/// <summary>Watches an architecture, or one service of it, move to a version set. Level-triggered: each look is judged by itself, none is needed.</summary>
internal sealed class SetWait(ApiClient api, Terminal terminal, string architecture, int set, string? service = null)
{
    private static readonly TimeSpan _betweenLooks = TimeSpan.FromMilliseconds(150);

    /// <summary>Looks until every service is in Run as the set says, or an operation failed; shows each look.</summary>
    public async Task<SetOutcome> RunAsync(Action<IReadOnlyList<ServiceDocument>> show, CancellationToken cancellation)
    {
        var started = terminal.Clock.GetTimestamp();
        while (true)
        {
            var operations = await api.GetAsync<Operation[]>(Routes.Operations(architecture, service), cancellation);
            var services = await api.GetAsync<ServiceDocument[]>(Routes.Services(architecture), cancellation);
            services = service is null ? services : [.. services.Where(each => each.Service == service)];
            show(services);
            if (Judge(set, services, operations) is { } reasons)
            {
                return new SetOutcome(services, reasons, terminal.Clock.GetElapsedTime(started));
            }

            await Task.Delay(_betweenLooks, terminal.Clock, cancellation);
        }
    }

    /// <summary>Null: not settled yet; empty: everything runs as asked; else why not.</summary>
    internal static IReadOnlyList<string>? Judge(int set, IReadOnlyList<ServiceDocument> services, IReadOnlyList<Operation> operations)
    {
        var newer = services.Where(service => service.Set > set).Select(service => service.Set).DefaultIfEmpty().Max();
        if (newer > 0)
        {
            var causes = Failures(set, operations);
            return causes.Count > 0 ? causes : [$"version set {set} was superseded by set {newer}"];
        }

        var failures = Failures(set, operations);
        var stuck = services.Where(service => service.Status == ServiceStatus.Failed && failures.Count == 0)
            .Select(service => $"{service.Service} is Failed: {Words.OneLine(service.Cause)}");
        IReadOnlyList<string> reasons = [.. failures, .. stuck];
        if (reasons.Count > 0)
        {
            return reasons;
        }

        var moving = operations.Any(operation => operation.ToSet == set && operation.State is OperationState.Running or OperationState.Paused);
        var settled = services.All(service => service.External is not null || (service.Status == ServiceStatus.Run && service.Set == set));
        return settled && !moving ? [] : null;
    }

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
