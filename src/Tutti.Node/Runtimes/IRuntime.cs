using System.Collections.Immutable;
using Tutti.Model.Agents;
using Tutti.Model.Manifest;

namespace Tutti.Node.Runtimes;

/// <summary>Starts and re-adopts instances. Process now; container and Kubernetes later.</summary>
internal interface IRuntime
{
    /// <summary>Starts one. Everything in the launch is already expanded.</summary>
    /// <exception cref="LaunchException">It cannot start; the message names the missing or forbidden thing.</exception>
    ValueTask<IRunningInstance> StartAsync(Launch launch, CancellationToken cancellation);

    /// <summary>Takes over one that an earlier agent started; null where it no longer runs (dead, zombie, or its pid is another process now).</summary>
    IRunningInstance? Adopt(Launch launch, InstanceIdentity identity);
}

/// <summary>What is to be started, every <c>${...}</c> expanded.</summary>
internal sealed record Launch
{
    /// <summary>Unique on this node: <c>architecture/id</c>, with the attempt.</summary>
    public required string Key { get; init; }

    /// <summary>Executable and arguments.</summary>
    public required ImmutableArray<string> Command { get; init; }

    /// <summary>Whole environment of the process.</summary>
    public required ImmutableSortedDictionary<string, string> Environment { get; init; }

    /// <summary>Working folder; exists.</summary>
    public required string WorkingFolder { get; init; }

    /// <summary>File that standard output and error are appended to.</summary>
    public required string LogFile { get; init; }

    /// <summary>User to run as; null: the agent's own.</summary>
    public string? User { get; init; }

    /// <summary>Limits, enforced where the machine permits.</summary>
    public LimitSpec? Limits { get; init; }
}

/// <summary>What finds a running instance again after the agent was restarted.</summary>
/// <param name="Pid">Process id of its leader.</param>
/// <param name="StartTicks">Start time of that process in clock ticks since boot (field 22 of /proc/pid/stat).</param>
/// <param name="BootId">Boot of the machine in which these numbers hold.</param>
/// <param name="Cgroup">Its cgroup; null where none could be made.</param>
internal sealed record InstanceIdentity(int Pid, long StartTicks, string BootId, string? Cgroup);

/// <summary>One that runs.</summary>
internal interface IRunningInstance : IDisposable
{
    /// <summary>Finds it again.</summary>
    InstanceIdentity Identity { get; }

    /// <summary>Completes as soon as the leader has ended.</summary>
    Task<ExitStatus> Exited { get; }

    /// <summary>Whether the kernel has killed a process of it because its memory limit was reached; false where that cannot be known.</summary>
    bool KilledForMemory { get; }

    /// <summary>Processor time and memory of the whole tree since the last call; null: not measurable.</summary>
    NodeCapacity? MeasureUse();

    /// <summary>Signals the leader's group, waits the grace, then kills the whole tree. Returns when nothing of it is left. Safe to call again.</summary>
    Task StopAsync(string signal, TimeSpan grace);
}

/// <summary>How it ended.</summary>
/// <param name="Code">Exit code, or 128 + signal; null where it was adopted and the kernel told nobody.</param>
/// <param name="Signal">Signal number where one killed it.</param>
internal sealed record ExitStatus(int? Code, int? Signal);

/// <summary>An instance cannot start.</summary>
internal sealed class LaunchException(string message, Exception? inner = null) : Exception(message, inner);
