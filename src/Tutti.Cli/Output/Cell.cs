using Tutti.Model.Lifecycle;

namespace Tutti.Cli.Output;

/// <summary>One cell of a table.</summary>
/// <param name="Text">Plain text.</param>
/// <param name="Color">A colour's name; null: the terminal's own.</param>
internal readonly record struct Cell(string Text, string? Color = null)
{
    public static implicit operator Cell(string? text) => new(text ?? "");

    public static Cell Of(ServiceStatus status) => new(status.ToString(), status switch
    {
        ServiceStatus.Run => "green",
        ServiceStatus.Failed => "red",
        _ => "yellow",
    });

    public static Cell Of(ServiceHealth health) => new(health.ToString(), health switch
    {
        ServiceHealth.Healthy => "green",
        ServiceHealth.Degraded => "yellow",
        _ => "red",
    });

    public static Cell Of(InstancePhase phase) => new(phase.ToString(), phase switch
    {
        InstancePhase.Run => "green",
        InstancePhase.Failed => "red",
        _ => "yellow",
    });
}
