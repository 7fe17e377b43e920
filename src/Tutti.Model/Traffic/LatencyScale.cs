using System.Numerics;

namespace Tutti.Model.Traffic;

/// <summary>The fixed buckets of every latency histogram: exact below 8 µs, above that eight to each doubling. Counts of the same bucket add up.</summary>
/// <remarks>The linear steps inside powers of two are those of HdrHistogram. A quantile told as a bucket's middle is off by at most 1/17 (5.9%).</remarks>
public static class LatencyScale
{
    /// <summary>How many buckets there are; the last holds everything from about 15 hours on.</summary>
    public const int Buckets = (Highest - StepBits + 2) << StepBits;

    private const int StepBits = 3;
    private const int Highest = 35;

    /// <summary>The bucket of a duration.</summary>
    public static int BucketOf(long microseconds)
    {
        if (microseconds < 1 << StepBits)
        {
            return (int)Math.Max(0, microseconds);
        }

        var power = BitOperations.Log2((ulong)microseconds);
        return power > Highest ? Buckets - 1 : ((power - StepBits + 1) << StepBits) + (int)((microseconds >> (power - StepBits)) & ((1 << StepBits) - 1));
    }

    /// <summary>The shortest duration of a bucket, in microseconds.</summary>
    public static long LowestOf(int bucket)
    {
        var power = bucket >> StepBits;
        return power == 0 ? bucket : (long)((1 << StepBits) + (bucket & ((1 << StepBits) - 1))) << (power - 1);
    }

    /// <summary>The duration that stands for a bucket: its middle, in microseconds.</summary>
    public static double MiddleOf(int bucket) => bucket < 1 << StepBits ? bucket : (LowestOf(bucket) + LowestOf(bucket + 1) - 1) / 2.0;
}
