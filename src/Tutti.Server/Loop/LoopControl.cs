using Tutti.Control.Commands;
using Tutti.Control.Loop;
using Tutti.Control.State;
using Tutti.Model.Agents;

namespace Tutti.Server.Loop;

/// <summary>The real loop.</summary>
internal sealed class LoopControl(ControlLoop loop) : IControl
{
    public ClusterView View => loop.View;

    public string ClusterId => loop.ClusterId;

    public Task Completion => loop.Completion;

    public Task<CommandResult> SubmitAsync(Command command, CancellationToken cancellation = default) => loop.SubmitAsync(command, cancellation);

    public NodePulse? Pulse(string node) => loop.Pulse(node);

    public NodeCapacity? Usage(string instanceKey) => loop.Usage(instanceKey);
}
