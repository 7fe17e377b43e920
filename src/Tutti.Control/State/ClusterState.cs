using System.Globalization;

namespace Tutti.Control.State;

/// <summary>Everything that is, with its indexes. Owned by one writer; the committed view is a second one, a few batches behind.</summary>
public sealed class ClusterState
{
    private static readonly IReadOnlyDictionary<string, Instance> _noInstances = new Dictionary<string, Instance>();
    private readonly Dictionary<ServiceKey, Dictionary<string, Instance>> _byService = [];
    private readonly Dictionary<string, Dictionary<string, Instance>> _byNode = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedDictionary<string, Service>> _servicesOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedDictionary<int, VersionSet>> _setsOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedDictionary<int, Transition>> _transitionsOf = new(StringComparer.Ordinal);
    private readonly SortedDictionary<long, Event> _events = [];
    private readonly SortedDictionary<int, Operation> _operations = [];

    /// <summary>Architectures by name.</summary>
    public Table<Architecture> Architectures { get; } = new();

    /// <summary>Releases by <c>architecture/service/version</c>.</summary>
    public Table<Release> Releases { get; } = new();

    /// <summary>Services by <c>architecture/service</c>.</summary>
    public Table<Service> Services { get; } = new();

    /// <summary>Instances by <c>architecture/id</c>.</summary>
    public Table<Instance> Instances { get; } = new();

    /// <summary>Nodes by name.</summary>
    public Table<Node> Nodes { get; } = new();

    /// <summary>What of pets outlives their instances, by <c>architecture/id</c>.</summary>
    public Table<PetHome> Homes { get; } = new();

    /// <summary>Events by sequence, oldest first.</summary>
    public IReadOnlyDictionary<long, Event> Events => _events;

    /// <summary>Operations by number, oldest first.</summary>
    public IReadOnlyDictionary<int, Operation> Operations => _operations;

    /// <summary>Services of an architecture, by name in order.</summary>
    public IReadOnlyCollection<Service> ServicesOf(string architecture) =>
        _servicesOf.TryGetValue(architecture, out var services) ? services.Values : [];

    /// <summary>One service, or null.</summary>
    public Service? Service(ServiceKey key) => _servicesOf.TryGetValue(key.Architecture, out var services) ? services.GetValueOrDefault(key.Service) : null;

    /// <summary>Instances of a service by id, in no order.</summary>
    public IReadOnlyDictionary<string, Instance> InstancesOf(ServiceKey key) => _byService.GetValueOrDefault(key) ?? _noInstances;

    /// <summary>Instances placed on a node by key, in no order.</summary>
    public IReadOnlyDictionary<string, Instance> InstancesOn(string node) => _byNode.GetValueOrDefault(node) ?? _noInstances;

    /// <summary>Version sets of an architecture by number, in order.</summary>
    public IReadOnlyCollection<VersionSet> SetsOf(string architecture) => _setsOf.TryGetValue(architecture, out var sets) ? sets.Values : [];

    /// <summary>One version set, or null.</summary>
    public VersionSet? Set(string architecture, int number) => _setsOf.TryGetValue(architecture, out var sets) ? sets.GetValueOrDefault(number) : null;

    /// <summary>Transitions of an architecture by the set they go to, in order; only the newest are kept.</summary>
    public IReadOnlyCollection<Transition> TransitionsOf(string architecture) =>
        _transitionsOf.TryGetValue(architecture, out var transitions) ? transitions.Values : [];

    /// <summary>The way to one version set, or null where it is not kept.</summary>
    public Transition? Transition(string architecture, int toSet) =>
        _transitionsOf.TryGetValue(architecture, out var transitions) ? transitions.GetValueOrDefault(toSet) : null;

    /// <summary>An operation by its id, or null.</summary>
    public Operation? Operation(string? id) => id is null ? null : _operations.GetValueOrDefault(DocumentKinds.OperationNumber(id));

    /// <summary>Whether there is a version set of a document's key.</summary>
    internal bool HasSet(string key)
    {
        var (architecture, number) = SetOf(key);
        return Set(architecture, number) is not null;
    }

    /// <summary>Sets or removes one document, keeps the indexes, and returns what was there.</summary>
    internal object? Put(DocumentKey key, object? after)
    {
        switch (key.Kind)
        {
            case DocumentKinds.Architecture:
                return Architectures.Put(key.Key, (Architecture?)after);
            case DocumentKinds.Release:
                return Releases.Put(key.Key, (Release?)after);
            case DocumentKinds.Node:
                return Nodes.Put(key.Key, (Node?)after);
            case DocumentKinds.Home:
                return Homes.Put(key.Key, (PetHome?)after);
            case DocumentKinds.Event:
                return PutSorted(_events, long.Parse(key.Key, CultureInfo.InvariantCulture), (Event?)after);
            case DocumentKinds.Operation:
                return PutSorted(_operations, DocumentKinds.OperationNumber(key.Key), (Operation?)after);
            case DocumentKinds.Set:
                return PutNumbered(_setsOf, key.Key, (VersionSet?)after);
            case DocumentKinds.Transition:
                return PutNumbered(_transitionsOf, key.Key, (Transition?)after);
            case DocumentKinds.Service:
                return PutService(key.Key, (Service?)after);
            case DocumentKinds.Instance:
                return PutInstance(key.Key, (Instance?)after);
            default:
                throw new InvalidOperationException($"unknown kind of document '{key.Kind}'");
        }
    }

    private static TValue? PutSorted<TKey, TValue>(SortedDictionary<TKey, TValue> rows, TKey key, TValue? after)
        where TKey : notnull
        where TValue : class
    {
        var before = rows.GetValueOrDefault(key);
        if (after is null)
        {
            rows.Remove(key);
        }
        else
        {
            rows[key] = after;
        }

        return before;
    }

    private static TValue? PutNumbered<TValue>(Dictionary<string, SortedDictionary<int, TValue>> rowsOf, string key, TValue? after)
        where TValue : class
    {
        var (architecture, number) = SetOf(key);
        if (!rowsOf.TryGetValue(architecture, out var rows))
        {
            rowsOf[architecture] = rows = [];
        }

        return PutSorted(rows, number, after);
    }

    private static (string Architecture, int Number) SetOf(string key)
    {
        var slash = key.IndexOf('/');
        return (key[..slash], int.Parse(key.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture));
    }

    private Service? PutService(string key, Service? after)
    {
        var before = Services.Put(key, after);
        var slash = key.IndexOf('/');
        var architecture = key[..slash];
        if (!_servicesOf.TryGetValue(architecture, out var services))
        {
            _servicesOf[architecture] = services = new SortedDictionary<string, Service>(StringComparer.Ordinal);
        }

        PutSorted(services, key[(slash + 1)..], after);
        return before;
    }

    private Instance? PutInstance(string key, Instance? after)
    {
        var before = Instances.Put(key, after);
        if ((after ?? before) is not { } either)
        {
            return null;
        }

        Index(_byService, either.ServiceKey, either.Id, after);
        if (before?.Node is { } old && old != after?.Node)
        {
            Index(_byNode, old, key, null);
        }

        if (after?.Node is { } node)
        {
            Index(_byNode, node, key, after);
        }

        return before;
    }

    private static void Index<TKey>(Dictionary<TKey, Dictionary<string, Instance>> index, TKey owner, string key, Instance? after)
        where TKey : notnull
    {
        if (!index.TryGetValue(owner, out var rows))
        {
            if (after is null)
            {
                return;
            }

            index[owner] = rows = new Dictionary<string, Instance>(StringComparer.Ordinal);
        }

        if (after is not null)
        {
            rows[key] = after;
        }
        else if (rows.Remove(key) && rows.Count == 0)
        {
            index.Remove(owner);
        }
    }
}
