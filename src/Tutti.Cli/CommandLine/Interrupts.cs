using System.Runtime.InteropServices;

namespace Tutti.Cli.CommandLine;

/// <summary>SIGINT, SIGTERM and SIGHUP as two tokens: the first asks to end, the second to end at once.</summary>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource _first = new();
    private readonly CancellationTokenSource _second = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _count;

    /// <summary>Asked to end.</summary>
    public CancellationToken First => _first.Token;

    /// <summary>Asked again, while ending.</summary>
    public CancellationToken Second => _second.Token;

    public static Interrupts OfProcess()
    {
        var interrupts = new Interrupts();
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP })
        {
            interrupts._registrations.Add(PosixSignalRegistration.Create(signal, context => context.Cancel = interrupts.Raise()));
        }

        return interrupts;
    }

    /// <summary>Takes one signal; false: it was the third, and the process may simply die.</summary>
    public bool Raise()
    {
        switch (Interlocked.Increment(ref _count))
        {
            case 1:
                _first.Cancel();
                return true;
            case 2:
                _second.Cancel();
                return true;
            default:
                return false;
        }
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _first.Dispose();
        _second.Dispose();
    }
}
