using Tutti.Cli.CommandLine;

namespace Tutti.Cli.Serving;

/// <summary>How long a program in the foreground stays.</summary>
internal static class Lifetime
{
    /// <summary>Waits until asked to end.</summary>
    /// <exception cref="CliException">Something ended by itself.</exception>
    public static async Task WaitAsync(CancellationToken asked, params IEnumerable<Task> completions)
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = asked.Register(() => end.TrySetResult());
        var first = await Task.WhenAny([end.Task, .. completions]);
        if (first == end.Task || asked.IsCancellationRequested)
        {
            return;
        }

        var reason = first.Exception?.GetBaseException().Message;
        throw CliException.Failed(reason is null ? "it ended by itself" : $"it ended by itself: {reason}");
    }
}
