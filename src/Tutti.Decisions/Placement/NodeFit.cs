using System.Runtime.CompilerServices;

namespace Tutti.Decisions.Placement;

/// <summary>Everything that keeps an instance off a node; <see cref="Fits"/> when nothing does.</summary>
[Flags]
public enum FitResult
{
    /// <summary>Nothing is in the way.</summary>
    Fits = 0,

    /// <summary>Another node is the only one that will do.</summary>
    OtherNode = 1,

    /// <summary>A constraint does not hold.</summary>
    Constraint = 2,

    /// <summary>Nothing may be placed there: lost or draining.</summary>
    Closed = 4,

    /// <summary>A fixed port is taken.</summary>
    Port = 8,

    /// <summary>Too little processor time.</summary>
    Cpu = 16,

    /// <summary>Too little memory.</summary>
    Memory = 32,
}

/// <summary>The one answer to whether an instance fits a node, for planning and for admission alike.</summary>
public static class NodeFit
{
    /// <summary>Whether one more instance of the request fits the node in the room and the ports that are free now.</summary>
    public static FitResult Check(NodeRoom node, PlacementRequest request)
    {
        var result = Check(node.Free, request.Needs);
        if (request.Only is { } only && only != node.Name)
        {
            result |= FitResult.OtherNode;
        }

        if (node.Closed is not null)
        {
            result |= FitResult.Closed;
        }

        foreach (var constraint in request.Constraints)
        {
            if (!ConstraintMatch.Holds(constraint, node.Labels.GetValueOrDefault(constraint.Label)))
            {
                result |= FitResult.Constraint;
                break;
            }
        }

        foreach (var port in request.FixedPorts)
        {
            if (node.FixedPorts.Contains(port))
            {
                result |= FitResult.Port;
                break;
            }
        }

        return result;
    }

    /// <summary>Which of both kinds of room is too small; free room may be negative.</summary>
    public static FitResult Check(Room free, Room needs) => Check(free.Cpu.Millis, free.Memory.Bytes, needs);

    /// <summary>The same over plain numbers, for tables of many nodes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static FitResult Check(long freeCpu, long freeMemory, Room needs) =>
        (needs.Cpu.Millis > freeCpu ? FitResult.Cpu : FitResult.Fits) | (needs.Memory.Bytes > freeMemory ? FitResult.Memory : FitResult.Fits);
}
