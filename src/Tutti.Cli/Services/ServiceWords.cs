using Tutti.Cli.Output;
using Tutti.Model.Lifecycle;
using Tutti.Server.Api;

namespace Tutti.Cli.Services;

/// <summary>How tables and progress spell a service.</summary>
internal static class ServiceWords
{
    /// <summary>The version asked for, and beside it those that still run: <c>1.2.0 (1.1.0 ×2)</c>.</summary>
    public static string Version(ServiceDocument service)
    {
        if (service.Version is null)
        {
            return service.External is null ? "-" : "external";
        }

        var wanted = service.Version.ToString();
        var others = service.Running.Where(pair => pair.Key != wanted && pair.Value > 0).Select(pair => $"{pair.Key} ×{pair.Value}").ToArray();
        return others.Length == 0 ? wanted : $"{wanted} ({string.Join(", ", others)})";
    }

    public static Cell Status(ServiceDocument service) =>
        service.Paused ? Cell.Of(service.Status) with { Text = $"{service.Status} (paused)" } : Cell.Of(service.Status);

    /// <summary>What a person needs to know beside the status; empty where all is well.</summary>
    public static string Note(ServiceDocument service)
    {
        if (service.External is not null)
        {
            return service.External;
        }

        var cause = service.Status == ServiceStatus.Failed ? service.Cause : null;
        string?[] parts =
        [
            service.Operation is { } operation ? $"{operation.Summary} ({operation.Done}/{operation.Total})" : null,
            Said(service.Unplaced, cause) ? null : service.Unplaced,
            cause,
            (service.Status != ServiceStatus.Run || service.Health != ServiceHealth.Healthy) && !Said(service.LastFailure, cause) ? service.LastFailure : null,
        ];
        return string.Join("; ", parts.Where(part => !string.IsNullOrWhiteSpace(part)).Select(Words.OneLine).Distinct());
    }

    private static bool Said(string? part, string? cause) => part is not null && cause?.Contains(part, StringComparison.Ordinal) == true;
}
