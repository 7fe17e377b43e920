using Tutti.Cli.Output;
using Tutti.Cli.Services;
using Tutti.Model.Lifecycle;
using Tutti.Server.Api;

namespace Tutti.Cli.Operations;

/// <summary>Turns looks at services into lines, one for each thing that changed: <c>12:00:01 web Provision → Ready (…)</c>.</summary>
internal sealed class ProgressLines(Terminal terminal)
{
    private readonly Dictionary<string, ServiceDocument> _last = new(StringComparer.Ordinal);

    /// <summary>Prints what changed since the look before; of a service seen first, only what is not Run.</summary>
    public void Show(IReadOnlyList<ServiceDocument> services)
    {
        foreach (var service in services)
        {
            _last.TryGetValue(service.Service, out var before);
            _last[service.Service] = service;
            ShowStatus(before, service);
            ShowTrouble(before?.Unplaced, service.Unplaced, service, "waits");
            ShowTrouble(before?.LastFailure, service.LastFailure, service, "failed instance");
        }

        foreach (var gone in _last.Keys.Except(services.Select(service => service.Service)).ToArray())
        {
            _last.Remove(gone);
            Print(terminal.Clock.GetUtcNow(), $"{gone} is gone");
        }

        terminal.Out.Flush();
    }

    private void ShowStatus(ServiceDocument? before, ServiceDocument service)
    {
        var cause = string.IsNullOrWhiteSpace(service.Cause) ? "" : $" ({Words.OneLine(service.Cause)})";
        if (before is null)
        {
            if (service.Status != ServiceStatus.Run)
            {
                Print(service.Since, $"{service.Service} {service.Status}{cause}");
            }
        }
        else if (before.Status != service.Status)
        {
            Print(service.Since, $"{service.Service} {before.Status} → {service.Status}{cause}");
        }
        else if (before.Health != service.Health && service.Status == ServiceStatus.Run)
        {
            var count = $"{service.Healthy} of {service.Desired} in Run";
            Print(terminal.Clock.GetUtcNow(), $"{service.Service} {before.Health} → {service.Health} ({count})");
        }
    }

    private void ShowTrouble(string? before, string? now, ServiceDocument service, string what)
    {
        if (!string.IsNullOrWhiteSpace(now) && now != before)
        {
            Print(terminal.Clock.GetUtcNow(), $"{service.Service} {what}: {Words.OneLine(now)}");
        }
    }

    private void Print(DateTimeOffset time, string text) => terminal.Out.WriteLine($"{terminal.TimeOfDay(time)} {text}");
}
