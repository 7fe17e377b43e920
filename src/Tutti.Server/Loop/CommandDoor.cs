using Tutti.Control.Commands;
using Tutti.Control.Loop;

namespace Tutti.Server.Loop;

/// <summary>Hands commands to the loop so that whoever asked reads what was written.</summary>
internal sealed class CommandDoor(IControl control)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    /// <summary>Hands a command in, and waits until its effect is durable and visible to readers.</summary>
    /// <exception cref="LoopUnavailableException">The queue is full, or the loop has stopped; the message says why.</exception>
    public async Task<CommandResult> SubmitAsync(Command command, CancellationToken cancellation)
    {
        var result = await SubmitOnlyAsync(command, cancellation);
        var deadline = Environment.TickCount64 + (long)_patience.TotalMilliseconds;
        while (control.View.Revision < result.Revision && Environment.TickCount64 < deadline)
        {
            await Task.Delay(1, cancellation);
        }

        return result;
    }

    /// <summary>Hands a command in, and waits until its effect is durable.</summary>
    /// <exception cref="LoopUnavailableException">The queue is full, or the loop has stopped; the message says why.</exception>
    public Task<CommandResult> SubmitOnlyAsync(Command command, CancellationToken cancellation)
    {
        if (control.Completion.IsCompleted)
        {
            var cause = control.Completion.Exception?.InnerException?.Message ?? "it was stopped";
            throw new LoopUnavailableException($"the control loop of this server has ended: {cause}; restart the server");
        }

        return control.SubmitAsync(command, cancellation);
    }
}
