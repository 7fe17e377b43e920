using System.Runtime.CompilerServices;

namespace Tutti.Decisions.Placement;

/// <summary>How well an instance fills a node: 0 for a node left empty, 1 for a node filled to the brim.</summary>
/// <remarks><c>20 - (10^freeCpuShare + 10^freeMemoryShare)</c>, limited to 0..18 and divided by 18, the shares being those left once the
/// instance is placed. Source: "BestFit v3" of Google's data center scheduling, as HashiCorp Nomad uses it in <c>ScoreFitBinPack</c>
/// (nomad/structs/funcs.go). The powers come from a table with straight lines between its points: relative error below 1e-6, and monotonic.</remarks>
internal static class FitScore
{
    private const int Intervals = 1024;
    private const double Highest = 18;
    private static readonly double[] _powersOfTen = [.. Enumerable.Range(0, Intervals + 2).Select(i => Math.Pow(10, i / (double)Intervals))];

    /// <summary>The score for the shares of the node, 0 to 1, that stay free.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Of(double freeCpuShare, double freeMemoryShare) =>
        Math.Clamp(20 - (TenTo(freeCpuShare) + TenTo(freeMemoryShare)), 0, Highest) / Highest;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double TenTo(double share)
    {
        var position = Math.Clamp(share, 0, 1) * Intervals;
        var below = (int)position;
        var low = _powersOfTen[below];
        return low + ((position - below) * (_powersOfTen[below + 1] - low));
    }
}
