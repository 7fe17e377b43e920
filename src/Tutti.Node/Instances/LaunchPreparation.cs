using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Tutti.Model.Agents;
using Tutti.Node.Agent;
using Tutti.Node.Expansion;
using Tutti.Node.Probes;
using Tutti.Node.Runtimes;
using Tutti.Node.Upstreams;

namespace Tutti.Node.Instances;

/// <summary>Everything one attempt holds on this node, and the launch made of it.</summary>
internal sealed record PreparedLaunch
{
    /// <summary>For the runtime.</summary>
    public required Launch Launch { get; init; }

    /// <summary>The mark in its environment.</summary>
    public required string Mark { get; init; }

    /// <summary>Its ports.</summary>
    public required ImmutableSortedDictionary<string, int> Ports { get; init; }

    /// <summary>Ports of its upstream addresses.</summary>
    public required ImmutableSortedDictionary<string, int> UpstreamPorts { get; init; }

    /// <summary>For the prober.</summary>
    public required ProbeTarget Target { get; init; }
}

/// <summary>Gathers what an attempt needs before its process starts, and gives it back.</summary>
internal sealed partial class LaunchPreparation(InstanceParts parts, string key)
{
    /// <summary>Artifact, folders, ports, upstreams, environment. Where one of them fails, what was taken is given back.</summary>
    public async Task<PreparedLaunch> PrepareAsync(Assignment assignment, string mark, CancellationToken cancellation)
    {
        var artifact = assignment.Run.Digest is { } digest ? await parts.Artifacts.EnsureAsync(digest, cancellation) : null;
        var folder = InstanceWorkspace.Prepare(parts.DataFolder, assignment, artifact);
        var volumes = InstanceWorkspace.Volumes(parts.DataFolder, assignment);
        var ports = TakePorts(assignment);
        try
        {
            var upstreams = parts.Upstreams.Open(ConsumerOf(assignment), assignment.Upstreams, null);
            var context = Context(assignment, ports, upstreams, volumes);
            var launch = Expand(assignment, mark, folder, context);
            return Prepared(assignment, mark, launch, ports, UpstreamPorts(upstreams));
        }
        catch
        {
            Release(ports);
            throw;
        }
    }

    /// <summary>Takes back what an attempt of an earlier agent holds.</summary>
    /// <exception cref="LaunchException">One of its upstream addresses cannot be opened again.</exception>
    public PreparedLaunch Restore(JournalEntry entry)
    {
        var assignment = entry.Assignment;
        var folder = InstanceWorkspace.WorkingFolder(parts.DataFolder, assignment.Architecture, assignment.Instance);
        foreach (var number in entry.Ports.Values)
        {
            parts.Ports.Reclaim(number);
        }

        try
        {
            var upstreams = parts.Upstreams.Open(ConsumerOf(assignment), assignment.Upstreams, entry.UpstreamPorts);
            var context = Context(assignment, entry.Ports, upstreams, InstanceWorkspace.Volumes(parts.DataFolder, assignment));
            return Prepared(assignment, entry.Launch, ExpandAgain(entry, folder, context), entry.Ports, entry.UpstreamPorts);
        }
        catch
        {
            Release(entry.Ports);
            throw;
        }
    }

    /// <summary>A launch by which a runtime can find and stop an earlier one; nothing in it is expanded.</summary>
    public static Launch Bare(JournalEntry entry, string dataFolder, Func<string, string> logFile) => new()
    {
        Key = LaunchKey(entry.Assignment),
        Command = entry.Assignment.Run.Command,
        Environment = ImmutableSortedDictionary<string, string>.Empty.Add(LaunchMarks.Variable, entry.Launch),
        WorkingFolder = InstanceWorkspace.WorkingFolder(dataFolder, entry.Assignment.Architecture, entry.Assignment.Instance),
        LogFile = logFile(InstanceSupervisor.KeyOf(entry.Assignment.Architecture, entry.Assignment.Instance)),
        User = entry.Assignment.Run.User,
        Limits = entry.Assignment.Resources.Limits,
    };

    /// <summary>Gives ports and upstreams back.</summary>
    public void Release(ImmutableSortedDictionary<string, int> ports)
    {
        parts.Upstreams.Close(key);
        foreach (var number in ports.Values)
        {
            parts.Ports.Release(number);
        }
    }

    private static ImmutableSortedDictionary<string, int> UpstreamPorts(ImmutableSortedDictionary<string, UpstreamAddress> upstreams) =>
        upstreams.ToImmutableSortedDictionary(u => u.Key, u => u.Value.Port);

    private static PreparedLaunch Prepared(
        Assignment assignment,
        string mark,
        Launch launch,
        ImmutableSortedDictionary<string, int> ports,
        ImmutableSortedDictionary<string, int> upstreamPorts) => new()
        {
            Launch = launch,
            Mark = mark,
            Ports = ports,
            UpstreamPorts = upstreamPorts,
            Target = new ProbeTarget(assignment.Health, "127.0.0.1", ports, launch.Environment, launch.WorkingFolder),
        };

    private static string LaunchKey(Assignment assignment) => $"{assignment.Architecture}/{assignment.Instance}#{assignment.Attempt}";

    private Consumer ConsumerOf(Assignment assignment) => new(key, assignment.Architecture, assignment.Service, assignment.Version);

    private ImmutableSortedDictionary<string, int> TakePorts(Assignment assignment)
    {
        var taken = ImmutableSortedDictionary<string, int>.Empty;
        try
        {
            foreach (var (name, port) in assignment.Ports)
            {
                taken = taken.Add(name, parts.Ports.Take(port.Number));
            }

            return taken;
        }
        catch
        {
            Release(taken);
            throw;
        }
    }

    private ExpansionContext Context(
        Assignment assignment,
        ImmutableSortedDictionary<string, int> ports,
        ImmutableSortedDictionary<string, UpstreamAddress> upstreams,
        ImmutableSortedDictionary<string, string> volumes) =>
        new(ports, upstreams, volumes, assignment.Instance, parts.Node, assignment.Service, assignment.Version.ToString(), parts.Secret);

    private Launch Expand(Assignment assignment, string mark, string folder, ExpansionContext context)
    {
        var environment = InstanceEnvironment.Base(assignment, parts.Node, mark, context.Ports, context.Upstreams).ToBuilder();
        foreach (var (name, text) in assignment.Env)
        {
            environment[name] = Expander.Expand(text, context);
        }

        // Whatever was declared, the mark stays: without it a launch interrupted half-way could not be found again.
        environment[LaunchMarks.Variable] = mark;
        return new Launch
        {
            Key = LaunchKey(assignment),
            Command = [.. assignment.Run.Command.Select(word => Expander.Expand(word, context))],
            Environment = environment.ToImmutable(),
            WorkingFolder = folder,
            LogFile = parts.Logs.FileOf(key),
            User = assignment.Run.User,
            Limits = assignment.Resources.Limits,
        };
    }

    private Launch ExpandAgain(JournalEntry entry, string folder, ExpansionContext context)
    {
        try
        {
            return Expand(entry.Assignment, entry.Launch, folder, context);
        }
        catch (LaunchException e)
        {
            // It runs already and has its environment; only an exec probe would miss the variables.
            Log.CannotExpandAgain(parts.Logger, key, e.Message);
            return Bare(entry, parts.DataFolder, parts.Logs.FileOf) with
            {
                Environment = InstanceEnvironment.Base(entry.Assignment, parts.Node, entry.Launch, entry.Ports, context.Upstreams),
            };
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1101, LogLevel.Warning, "The environment of {Key}, which runs on, cannot be made again: {Problem}")]
        public static partial void CannotExpandAgain(ILogger logger, string key, string problem);
    }
}
