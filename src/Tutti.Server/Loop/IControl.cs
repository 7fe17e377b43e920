using Tutti.Control.Commands;
using Tutti.Control.Loop;
using Tutti.Control.State;
using Tutti.Model.Agents;

namespace Tutti.Server.Loop;

/// <summary>What the API needs of the control loop; the seam at which tests put a fake.</summary>
internal interface IControl
{
    /// <inheritdoc cref="ControlLoop.View"/>
    ClusterView View { get; }

    /// <inheritdoc cref="ControlLoop.ClusterId"/>
    string ClusterId { get; }

    /// <inheritdoc cref="ControlLoop.Completion"/>
    Task Completion { get; }

    /// <inheritdoc cref="ControlLoop.SubmitAsync"/>
    Task<CommandResult> SubmitAsync(Command command, CancellationToken cancellation = default);

    /// <inheritdoc cref="ControlLoop.Pulse"/>
    NodePulse? Pulse(string node);

    /// <inheritdoc cref="ControlLoop.Usage"/>
    NodeCapacity? Usage(string instanceKey);
}
