using System.Security.Cryptography;
using System.Text;
using Tutti.Control.Commands;
using Tutti.Control.Loop;
using Tutti.Control.State;
using Tutti.Store;
using Tutti.Store.Memory;

namespace Tutti.Simulation;

/// <summary>The real core of the loop over a store in memory, that can crash and come back between any two commits.</summary>
internal sealed class SimServer
{
    private readonly World _world;
    private readonly ControlOptions _options;
    private readonly int _seed;
    private readonly List<(Command Command, Action<CommandResult> Done)> _inbox = [];
    private LoopCore? _core;
    private long _epoch;
    private int _starts;
    private bool _turnScheduled;
    private DateTimeOffset? _alarm;

    public SimServer(World world, ControlOptions options, int seed)
    {
        _world = world;
        _options = options;
        _seed = seed;
        Store.CommitFaults = () =>
            _world.Unlucky(0.01) ? CommitFault.BeforeWrite : _world.Unlucky(0.01) ? CommitFault.AfterWrite : CommitFault.None;
    }

    public MemoryStore Store { get; } = new(new StoreLimits { StoreBytes = 1L << 32 });

    /// <summary>What is committed, as everyone but the loop sees it.</summary>
    public ClusterState Committed { get; private set; } = new();

    public long Revision { get; private set; }

    public bool Up => _core is not null;

    /// <summary>Called after every commit with what it changed.</summary>
    public event Action<CommittedBatch>? OnCommitted;

    /// <summary>Called after every turn, commit or not.</summary>
    public event Action? OnTurn;

    public void Start()
    {
        _starts++;
        var lease = Store.AcquireLeaseAsync("simulated", TimeSpan.FromHours(1), _world.Now, takeOver: true).Result;
        _epoch = lease.Epoch;
        _core = new LoopCore(_options, (_seed * 1000) + _starts, "simulated");
        var documents = Store.LoadAsync().ToBlockingEnumerable()
            .Select(document => (new DocumentKey(document.Kind, document.Key), DocumentKinds.Read(document.Kind, document.Value.Span)!))
            .ToList();
        _core.Load(documents);
        var committed = new ClusterState();
        foreach (var (key, document) in documents)
        {
            committed.Put(key, document);
        }

        Committed = committed;
        Revision = Store.RevisionAsync().Result;
        ScheduleTurn();
    }

    /// <summary>Dies at once: what was not committed is gone, nobody is told.</summary>
    public void Crash()
    {
        _core = null;
        _inbox.Clear();
    }

    /// <summary>Hands a command in; a server that is down says nothing.</summary>
    public void Submit(Command command, Action<CommandResult> done)
    {
        if (Up)
        {
            _inbox.Add((command, done));
            ScheduleTurn();
        }
    }

    /// <summary>Hash of every document: two runs of one seed end in the same.</summary>
    public string StateHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var document in Store.LoadAsync().ToBlockingEnumerable())
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{document.Kind}/{document.Key}@{document.Revision}"));
            hash.AppendData(document.Value.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private void ScheduleTurn()
    {
        if (!_turnScheduled)
        {
            _turnScheduled = true;
            _world.After(1, Turn);
        }
    }

    private void Turn()
    {
        _turnScheduled = false;
        if (_core is not { } core)
        {
            return;
        }

        var handled = new List<(Action<CommandResult> Done, CommandResult Result)>();
        foreach (var (command, done) in _inbox)
        {
            handled.Add((done, core.Handle(command, _world.Now)));
        }

        _inbox.Clear();
        core.Reconcile(_world.Now);
        if (!Commit(core, handled))
        {
            return;
        }

        OnTurn?.Invoke();
        if (core.HasWork)
        {
            ScheduleTurn();
        }
        else if (core.NextWake is { } wake && (_alarm is null || _alarm <= _world.Now || wake < _alarm))
        {
            _alarm = wake;
            _world.After(wake > _world.Now ? wake - _world.Now : TimeSpan.Zero, ScheduleTurn);
        }
    }

    private bool Commit(LoopCore core, List<(Action<CommandResult> Done, CommandResult Result)> handled)
    {
        var changes = core.Take();
        if (changes.Length > 0)
        {
            var batch = changes.Select(change => new DocumentWrite(change.Key.Kind, change.Key.Key, change.After is null ? (ReadOnlyMemory<byte>?)null : DocumentKinds.Write(change.After))).ToArray();
            try
            {
                Revision = Store.CommitAsync(batch, _epoch).AsTask().GetAwaiter().GetResult();
            }
            catch (StoreException)
            {
                // As the real loop does: drop what is in memory and start again from what is durable.
                Crash();
                _world.After(1000, Start);
                return false;
            }

            foreach (var change in changes)
            {
                Committed.Put(change.Key, change.After);
            }

            OnCommitted?.Invoke(new CommittedBatch(Revision, changes));
        }

        foreach (var (done, result) in handled)
        {
            done(result with { Revision = Revision });
        }

        return true;
    }
}
