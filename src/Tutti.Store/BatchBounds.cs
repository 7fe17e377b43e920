using System.Text;

namespace Tutti.Store;

/// <summary>The checks that every store makes before it looks at its medium, so that all refuse the same batches with the same words.</summary>
internal static class BatchBounds
{
    /// <summary>Most writes that a batch may ever have: the width of an ordinal in the change log.</summary>
    public const int MostBatchWrites = 1 << 20;

    /// <summary>UTF-8 that refuses half a surrogate pair: two such keys would otherwise become one.</summary>
    public static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Checks the bounds themselves.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A bound is not positive, or over what a store can hold.</exception>
    public static void CheckLimits(StoreLimits limits)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limits.ValueBytes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limits.BatchWrites);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limits.BatchWrites, MostBatchWrites);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limits.BatchBytes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limits.StoreBytes);
    }

    /// <summary>Checks a batch against the bounds.</summary>
    /// <exception cref="BatchTooLargeException">The batch is over a bound.</exception>
    /// <exception cref="ArgumentException">A kind or key is missing, or is not valid Unicode.</exception>
    public static void Check(StoreLimits limits, ReadOnlySpan<DocumentWrite> batch)
    {
        if (batch.Length > limits.BatchWrites)
            throw new BatchTooLargeException($"batch of {batch.Length} writes refused: the bound is {limits.BatchWrites} writes (BatchWrites); commit it in parts");

        long bytes = 0;
        foreach (ref readonly var write in batch)
        {
            var value = write.Value?.Length ?? 0;
            if (value > limits.ValueBytes)
                throw new BatchTooLargeException($"value of {write.Kind} '{write.Key}' refused: it has {value} bytes, the bound is {limits.ValueBytes} (ValueBytes)");
            bytes += KeyBytes(write) + value;
        }

        if (bytes > limits.BatchBytes)
            throw new BatchTooLargeException($"batch of {bytes} bytes refused: the bound is {limits.BatchBytes} bytes (BatchBytes); commit it in parts");
    }

    private static int KeyBytes(in DocumentWrite write)
    {
        if (write.Kind is null || write.Key is null)
            throw new ArgumentException($"write refused: kind '{write.Kind}' or key '{write.Key}' is missing");
        try
        {
            return Utf8.GetByteCount(write.Kind) + Utf8.GetByteCount(write.Key);
        }
        catch (EncoderFallbackException e)
        {
            throw new ArgumentException($"write refused: kind '{write.Kind}' or key '{write.Key}' is not valid Unicode", e);
        }
    }
}
