using System.Collections.Immutable;
using Tutti.Control.Commands;
using Tutti.Control.Nodes;
using Tutti.Control.Placement;
using Tutti.Control.Rollouts;
using Tutti.Control.State;
using Tutti.Control.Versions;

namespace Tutti.Control.Loop;

/// <summary>The deterministic heart of the loop: commands in, changes out. No thread, no clock, no store of its own.</summary>
internal sealed class LoopCore
{
    // Placing makes services look again, and that may make more to place; what is left after so many rounds waits for the next turn.
    private const int RoundsPerTurn = 8;

    private readonly Workspace _work;
    private readonly NodeReconciler _nodes;
    private readonly ServiceReconciler _services;
    private readonly PlacementReconciler _placement;
    private readonly SetCommands _sets;
    private readonly ReleaseCatalogue _catalogue;
    private readonly ServiceCommands _serviceCommands;
    private readonly NodeCommands _nodeCommands;
    private readonly ReportCommand _reports;
    private DateTimeOffset? _resyncAt;

    public LoopCore(ControlOptions options, int seed, string clusterId)
    {
        _work = new Workspace(options, seed);
        _nodes = new NodeReconciler(_work, Pulses);
        _services = new ServiceReconciler(_work);
        _placement = new PlacementReconciler(_work);
        _catalogue = new ReleaseCatalogue(_work);
        _sets = new SetCommands(_work, _catalogue);
        _serviceCommands = new ServiceCommands(_work);
        _nodeCommands = new NodeCommands(_work, Pulses, _nodes, clusterId);
        _reports = new ReportCommand(_work, Pulses);
        _work.Draft.Changed += Pulses.Forget;
    }

    public Pulses Pulses { get; } = new();

    /// <summary>The writer's own state, ahead of what is committed.</summary>
    public ClusterState State => _work.State;

    /// <summary>Whether there is more to do right now.</summary>
    public bool HasWork => !_work.Agenda.IsEmpty;

    /// <summary>How many documents are changed and not yet taken.</summary>
    public int Pending => _work.Draft.Count;

    /// <summary>When there is something to do though nothing happens.</summary>
    public DateTimeOffset? NextWake => Earliest(_work.Agenda.NextAlarm, Earliest(_nodes.NextCheck, _resyncAt));

    /// <summary>Takes over the last committed documents.</summary>
    public void Load(IReadOnlyCollection<(DocumentKey Key, object Document)> documents)
    {
        foreach (var (key, document) in documents)
        {
            _work.State.Put(key, document);
        }

        // Indexes look things up in one another's documents, so they come after all of them are there.
        foreach (var (_, document) in documents)
        {
            _work.Adopt(document);
        }

        _work.Agenda.MarkAll();
    }

    /// <summary>Carries a command out, in memory.</summary>
    public CommandResult Handle(Command command, DateTimeOffset now)
    {
        _work.Now = now;
        return command switch
        {
            ReportNode report => _reports.Report(report),
            RegisterNode register => _nodeCommands.Register(register),
            ApplyManifest apply => _sets.Apply(apply),
            MoveArchitecture move => _sets.Move(move),
            AddReleases add => _catalogue.Add(add),
            ScaleService scale => _sets.Scale(scale),
            RollbackArchitecture rollback => _sets.Rollback(rollback),
            DestroyArchitecture destroy => _sets.Destroy(destroy),
            RestartService restart => _serviceCommands.Restart(restart),
            PauseService pause => _serviceCommands.Pause(pause),
            ResumeService resume => _serviceCommands.Resume(resume),
            DrainNode drain => _nodeCommands.Drain(drain),
            RemoveNode remove => _nodeCommands.Remove(remove),
            _ => throw new InvalidOperationException($"no handler for {command.GetType().Name}"),
        };
    }

    /// <summary>Lets the reconcilers of everything that is due take their next small steps.</summary>
    public void Reconcile(DateTimeOffset now)
    {
        _work.Now = now;
        _work.Budget = _work.Options.InstancesPerTurn;
        _work.PlacementBudget = 2 * _work.Options.InstancesPerTurn;
        if (_resyncAt is null || _resyncAt <= now)
        {
            if (_resyncAt is not null)
            {
                _work.Agenda.MarkAll();
            }

            _resyncAt = now + _work.Options.ResyncInterval;
        }

        _work.Agenda.Ring(now);
        _nodes.Reconcile();
        for (var round = 0; round < RoundsPerTurn && HasWork; round++)
        {
            // What a service marks while it is looked at (itself, when the budget ran out) waits for the next round.
            for (var left = _work.Agenda.Marked; left > 0 && _work.Budget > 0 && _work.Agenda.TryTake(out var key); left--)
            {
                _services.Reconcile(key);
            }

            if (_work.Agenda.PlacementDue)
            {
                _placement.Reconcile();
            }

            if (_work.Budget <= 0 || _work.PlacementBudget <= 0)
            {
                break;
            }
        }
    }

    /// <summary>Everything changed since the last call.</summary>
    public ImmutableArray<Change> Take() => _work.Draft.Take();

    private static DateTimeOffset? Earliest(DateTimeOffset? a, DateTimeOffset? b) => a is null ? b : b is null || a < b ? a : b;
}
