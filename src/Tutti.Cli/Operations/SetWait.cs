using Tutti.Cli.Client;
using Tutti.Cli.Output;
using Tutti.Control.State;
using Tutti.Server.Api;

namespace Tutti.Cli.Operations;

/// <summary>Watches an architecture, or one service of it, move to a version set. Level-triggered: each look is judged by itself, none is needed.</summary>
/// <param name="api">Asked.</param>
/// <param name="terminal">Gives the clock.</param>
/// <param name="architecture">The architecture.</param>
/// <param name="set">The set.</param>
/// <param name="service">Only this service, whatever becomes of the others and of the transition; null: all of it.</param>
internal sealed class SetWait(ApiClient api, Terminal terminal, string architecture, int set, string? service = null)
{
    private static readonly TimeSpan _betweenLooks = TimeSpan.FromMilliseconds(150);

    /// <summary>Looks until every service is in Run as the set says, or the way there has ended otherwise; shows each look.</summary>
    public async Task<SetOutcome> RunAsync(Action<SetLook> show, CancellationToken cancellation)
    {
        var started = terminal.Clock.GetTimestamp();
        while (true)
        {
            // The transition first: where it has ended, what is read after it is not older than its end.
            var transition = service is null ? await api.FindAsync<TransitionDocument>(Routes.Transition(architecture, set), cancellation) : null;
            var operations = await api.GetAsync<Operation[]>(Routes.Operations(architecture, service), cancellation);
            var services = await api.GetAsync<ServiceDocument[]>(Routes.Services(architecture), cancellation);
            services = service is null ? services : [.. services.Where(each => each.Service == service)];
            show(new SetLook(services, transition));
            if (SetVerdict.Of(set, transition, services, operations) is { } reasons)
            {
                return new SetOutcome(services, reasons, terminal.Clock.GetElapsedTime(started));
            }

            await Task.Delay(_betweenLooks, terminal.Clock, cancellation);
        }
    }
}
