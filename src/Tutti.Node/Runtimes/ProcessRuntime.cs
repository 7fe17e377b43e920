using System.Collections.Immutable;
using System.Globalization;

namespace Tutti.Node.Runtimes;

/// <summary>Runs instances as processes of this machine: each leads a session of its own and, where permitted, has a cgroup.</summary>
internal sealed class ProcessRuntime : IRuntime
{
    private const string Shell = "/bin/sh";

    /// <summary>Moves itself into the groups named by the first arguments, then becomes the command. A group that refuses costs the limits, not the start.</summary>
    private const string EnterGroups =
        "n=$0; while [ \"$n\" -gt 0 ]; do echo 0 2>/dev/null >\"$1\"; shift; n=$((n-1)); done; exec \"$@\"";

    private readonly TimeProvider _time;
    private readonly CgroupMounts _mounts;
    private readonly SessionUse _sessions;

    /// <summary>Uses the cgroups that this machine permits.</summary>
    public ProcessRuntime(TimeProvider time)
        : this(time, CgroupMounts.Detect())
    {
    }

    internal ProcessRuntime(TimeProvider time, CgroupMounts mounts)
    {
        _time = time;
        _mounts = mounts;
        _sessions = new SessionUse(time);
    }

    /// <inheritdoc/>
    public ValueTask<IRunningInstance> StartAsync(Launch launch, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (launch.Command.IsDefaultOrEmpty)
        {
            throw new LaunchException("the command is empty");
        }

        if (!Directory.Exists(launch.WorkingFolder))
        {
            throw new LaunchException($"the working folder {launch.WorkingFolder} does not exist");
        }

        var program = CommandLookup.Find(launch.Command[0], launch.Environment.GetValueOrDefault("PATH"), launch.WorkingFolder);
        var command = UserSwitch.Wrap(launch.Command.SetItem(0, program), launch.User);
        CheckLogFile(launch.LogFile);

        var cgroup = File.Exists(Shell) ? InstanceCgroup.Create(_mounts, launch.Key, launch.Limits) : null;
        try
        {
            return ValueTask.FromResult<IRunningInstance>(Start(launch, command, cgroup));
        }
        catch
        {
            cgroup?.TryRemove();
            throw;
        }
    }

    /// <inheritdoc/>
    public IRunningInstance? Adopt(Launch launch, InstanceIdentity identity)
    {
        if (identity.BootId != ProcessTable.BootId)
        {
            return null;
        }

        var cgroup = InstanceCgroup.Open(identity.Cgroup);
        if (ProcessTable.Read(identity.Pid) is { Lives: true } leader && leader.StartTicks == identity.StartTicks
            && ExitWatcher.Shared.Watch(identity.Pid, identity.StartTicks, spawned: false) is { } exited)
        {
            return new RunningProcess(_time, identity, cgroup, exited, _sessions, adopted: true);
        }

        ClearRemains(new ProcessTree(identity, cgroup));
        cgroup?.TryRemove();
        return null;
    }

    private RunningProcess Start(Launch launch, ImmutableArray<string> command, InstanceCgroup? cgroup)
    {
        if (cgroup is not null)
        {
            var entries = cgroup.EntryFiles.ToImmutableArray();
            command = [Shell, "-c", EnterGroups, entries.Length.ToString(CultureInfo.InvariantCulture), .. entries, .. command];
        }

        var pid = Spawner.Start(new Spawn
        {
            Command = command,
            Environment = launch.Environment,
            WorkingFolder = launch.WorkingFolder,
            OutputFile = launch.LogFile,
        });

        // It cannot have been reaped by anyone else, so it can be read even if it has already ended.
        var start = ProcessTable.Read(pid)?.StartTicks
            ?? throw new LaunchException($"process {pid} of '{launch.Command[0]}' cannot be seen in /proc");
        var exited = ExitWatcher.Shared.Watch(pid, start, spawned: true)
            ?? throw new LaunchException("watching processes needs Linux 5.4 or newer (pidfd_open)");
        var identity = new InstanceIdentity(pid, start, ProcessTable.BootId, cgroup?.Name);
        return new RunningProcess(_time, identity, cgroup, exited, _sessions, adopted: false);
    }

    /// <summary>The leader is dead, but what it started may not be, and nobody will adopt that.</summary>
    private static void ClearRemains(ProcessTree tree)
    {
        const int Rounds = 10;
        for (var i = 0; i < Rounds && !tree.KillOnce(); i++)
        {
            // What forked while it was being killed shows up in the next round.
        }
    }

    private static void CheckLogFile(string file)
    {
        try
        {
            using var handle = File.OpenHandle(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LaunchException($"the log {file} cannot be written: {e.Message}", e);
        }
    }
}
