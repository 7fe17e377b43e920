namespace Tutti.Node.Agent;

/// <summary>Whether the server knows this agent: shared by the loop that makes it so and those that need it.</summary>
internal sealed class ServerLink
{
    private readonly Lock _gate = new();
    private readonly Wake _wake;
    private TaskCompletionSource _known = New();
    private volatile bool _registered;

    public ServerLink(Wake wake) => _wake = wake;

    /// <summary>Registered, and not lost since.</summary>
    public bool Registered
    {
        get => _registered;
        set => _registered = value;
    }

    /// <summary>The server has acknowledged a complete report of this session.</summary>
    public bool Known => Current.Task.IsCompleted;

    private TaskCompletionSource Current
    {
        get
        {
            lock (_gate)
            {
                return _known;
            }
        }
    }

    /// <summary>Waits until it is known.</summary>
    public Task WaitAsync(CancellationToken cancellation) => Current.Task.WaitAsync(cancellation);

    /// <summary>It is known now.</summary>
    public void Found() => Current.TrySetResult();

    /// <summary>It may not be known any more: register again at once.</summary>
    public void Lost()
    {
        lock (_gate)
        {
            if (_known.Task.IsCompleted)
            {
                _known = New();
            }

            _registered = false;
        }

        _wake.Set();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
