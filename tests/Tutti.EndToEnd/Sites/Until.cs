using System.Diagnostics;

namespace Tutti.EndToEnd.Sites;

/// <summary>Waits for a condition, never for a time.</summary>
internal static class Until
{
    /// <summary>Far above what anything takes on a quiet machine: it only bounds how long a failure takes.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(100);

    private static readonly TimeSpan _betweenLooks = TimeSpan.FromMilliseconds(50);

    /// <summary>Looks again and again until there is no problem; a server that does not answer is one.</summary>
    /// <param name="what">What is waited for, for the message.</param>
    /// <param name="problem">What is not yet as it should be; null: nothing.</param>
    /// <param name="within">Default <see cref="Deadline"/>.</param>
    public static async Task NoProblemAsync(string what, Func<Task<string?>> problem, TimeSpan? within = null)
    {
        var deadline = within ?? Deadline;
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var now = await LookAsync(problem);
            if (now is null)
            {
                return;
            }

            if (Stopwatch.GetElapsedTime(started) > deadline)
            {
                Assert.Fail($"waited {deadline.TotalSeconds} s in vain until {what}: {now}");
            }

            await Task.Delay(_betweenLooks, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The same for a condition that says nothing more.</summary>
    public static Task TrueAsync(string what, Func<bool> condition, TimeSpan? within = null) =>
        NoProblemAsync(what, () => Task.FromResult(condition() ? null : "not yet"), within);

    private static async Task<string?> LookAsync(Func<Task<string?>> problem)
    {
        try
        {
            return await problem();
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
        {
            return e.Message;
        }
    }
}
