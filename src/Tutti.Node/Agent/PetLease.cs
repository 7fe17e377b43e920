using System.Globalization;

namespace Tutti.Node.Agent;

/// <summary>How long pets may run without the server: counted from the sending of the last report that it acknowledged, so that
/// however long the answer took, the agent's count ends before the server's.</summary>
internal sealed class PetLease
{
    /// <summary>An agent that has just started may look for the server this long, though the lease ran out while there was no agent.</summary>
    public static readonly TimeSpan FirstContact = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan _before = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _time;
    private readonly string _file;
    private readonly string _boot;
    private readonly long _began;
    private readonly Lock _gate = new();
    private long _acknowledged;
    private TimeSpan _length = _before;

    /// <param name="file">Keeps the last acknowledgement over a restart of the agent; timestamps hold within one boot of the machine.</param>
    /// <param name="boot">This boot.</param>
    /// <param name="time">The clock; its timestamps are monotonic.</param>
    public PetLease(string file, string boot, TimeProvider time)
    {
        (_file, _boot, _time) = (file, boot, time);
        _began = time.GetTimestamp();
        _acknowledged = _began;
        if (File.Exists(file) && File.ReadAllText(file).Split(' ') is [var ofBoot, var at, var ticks]
            && ofBoot == boot
            && long.TryParse(at, CultureInfo.InvariantCulture, out var acknowledged)
            && long.TryParse(ticks, CultureInfo.InvariantCulture, out var length))
        {
            _acknowledged = Math.Min(acknowledged, _began);
            _length = new TimeSpan(length);
        }
    }

    /// <summary>Whether pets may run.</summary>
    public bool Held => Left() > TimeSpan.Zero;

    /// <summary>The server said how long it is.</summary>
    public void SetLength(TimeSpan length)
    {
        lock (_gate)
        {
            _length = length;
        }
    }

    /// <summary>A report was acknowledged.</summary>
    /// <param name="sent">Timestamp of its sending.</param>
    /// <param name="keep">True where there are pets, so that the next agent should know.</param>
    public void Renew(long sent, bool keep)
    {
        TimeSpan length;
        lock (_gate)
        {
            _acknowledged = Math.Max(_acknowledged, sent);
            length = _length;
        }

        if (keep)
        {
            DurableFile.Write(_file, System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{_boot} {sent} {length.Ticks}")), flush: false);
        }
    }

    /// <summary>Calls <paramref name="lost"/> each time it runs out, until cancelled.</summary>
    public async Task WatchAsync(Action lost, CancellationToken cancellation)
    {
        var told = false;
        while (true)
        {
            var left = Left();
            if (left > TimeSpan.Zero)
            {
                told = false;
                await Task.Delay(left, _time, cancellation);
                continue;
            }

            if (!told)
            {
                told = true;
                lost();
            }

            await Task.Delay(TimeSpan.FromSeconds(1), _time, cancellation);
        }
    }

    private TimeSpan Left()
    {
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            var lease = _length - _time.GetElapsedTime(_acknowledged, now);
            var first = FirstContact - _time.GetElapsedTime(_began, now);
            return lease > first ? lease : first;
        }
    }
}
