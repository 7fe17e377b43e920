using Tutti.Cli.Output;
using Tutti.Control.Transitions;
using Tutti.Decisions.Transitions;
using Tutti.Server.Api;

namespace Tutti.Cli.Transitions;

/// <summary>Prints the way to a version set before it is gone: waves, the reason of every wait, what runs side by side, the peak, the gaps.</summary>
internal static class PlanText
{
    /// <summary>Prints nothing where no version changes. What the change would be refused for is the caller's to say.</summary>
    public static void Print(Terminal terminal, TransitionDocument? transition)
    {
        if (transition is not { Events.IsEmpty: false })
        {
            return;
        }

        terminal.Out.WriteLine($"transition: {Words.Count(transition.Events.Length, "event")} in {Words.Count(transition.Waves.Length, "wave")}, {Peak(transition.PeakExtra)}");
        foreach (var (wave, e) in EventWords.ByWave(transition))
        {
            terminal.Out.WriteLine($"  wave {wave}: {e.Id}");
            foreach (var line in e.Waits.Select(wait => $"after {wait.Event}: {wait.Because}").Concat(HowItGoes(e, transition)))
            {
                terminal.Out.WriteLine($"      {line}");
            }
        }

        foreach (var gap in transition.Gaps.Select(GapConsent.Words).Where(gap => transition.Refusal?.Contains(gap, StringComparison.Ordinal) != true))
        {
            terminal.Out.WriteLine($"  gap: {gap}");
        }
    }

    /// <summary>How a new release takes the place of the old ones.</summary>
    private static IEnumerable<string> HowItGoes(TransitionEventDocument start, TransitionDocument transition) =>
        start.Event != TransitionEventKind.Start
            ? []
            : transition.Events
                .Where(e => e.Event == TransitionEventKind.Retire && e.Service == start.Service)
                .Select(retire => HowItGoes(start, retire))
                .OfType<string>();

    private static string? HowItGoes(TransitionEventDocument start, TransitionEventDocument retire)
    {
        if (retire.Rolls)
        {
            return $"rolls instance by instance: one of {retire.Version} goes when one of {start.Version} is healthy";
        }

        // A pet's new release waits for the old one to go; that reason is among the waits.
        var until = retire.After.Where(id => id != start.Id).ToArray();
        return start.After.Contains(retire.Id) || until.Length == 0
            ? null
            : $"runs side by side with {retire.Version} until {until[0]}{EventWords.More(until.Length - 1)} {(until.Length == 1 ? "is" : "are")} done";
    }

    private static string Peak(int extra) =>
        extra == 0 ? "never more instances than before or after" : $"at its peak {Words.Count(extra, "instance")} more than before and after";
}
