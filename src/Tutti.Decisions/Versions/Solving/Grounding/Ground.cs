using Tutti.Decisions.Versions.Solving.Search;

namespace Tutti.Decisions.Versions.Solving.Grounding;

/// <summary>Brings services into a search as they are touched.</summary>
/// <remarks>
/// A service that is settled (its only current version is possible and at peace with its current neighbours, or it is absent and not asked for) comes in when a
/// neighbour does, and at first only with what constrains it where it is. All its releases come in when the search has it leave that place. What is never touched
/// stays as it is: it is at peace with all that is untouched, and everything touched knows what it asks and what is asked of it.
/// </remarks>
internal sealed class Ground
{
    private readonly List<int> _variableOf = [];
    private readonly List<int> _serviceOf = [];

    // The edges of the service that comes in: the providers in the order in which they are named, and what is gathered for each.
    private readonly List<int> _asked = [];
    private readonly List<EdgeBuilder> _builders = [];
    private readonly Dictionary<int, int> _placeOf = [];

    public Ground(Problem problem, DomainSearch search)
    {
        Problem = problem;
        Search = search;
        search.Expand = Expand;
    }

    public Problem Problem { get; }

    public DomainSearch Search { get; }

    /// <summary>Variables of services, in the order in which they came in.</summary>
    public List<int> Variables { get; } = [];

    /// <summary>Called with each variable that comes in.</summary>
    public Action<int>? CameIn { get; set; }

    /// <summary>True: whatever comes in from now on stays unchanged.</summary>
    public bool IsFrozen { get; set; }

    /// <summary>Brings in what is not settled.</summary>
    public void Begin()
    {
        foreach (var name in Problem.Question.Wishes.Keys)
        {
            ExpandNow(Problem.NumberOf(name));
        }

        foreach (var name in Problem.Question.Current.Keys)
        {
            var service = Problem.NumberOf(name);
            if (!Problem.IsSettled(service))
            {
                ExpandNow(service);
            }
        }
    }

    public int ServiceOf(int variable) => _serviceOf[variable];

    /// <summary>The service's variable; -1 where it was never touched.</summary>
    public int VariableOf(int service) => service < _variableOf.Count ? _variableOf[service] : -1;

    private void ExpandNow(int service)
    {
        var variable = BringIn(service);
        if (Search.IsLazy(variable))
        {
            Search.Expanded(variable);
            Expand(variable);
        }
    }

    private int BringIn(int service)
    {
        while (_variableOf.Count <= service)
        {
            _variableOf.Add(-1);
        }

        if (_variableOf[service] >= 0)
        {
            return _variableOf[service];
        }

        var shelf = Problem.ShelfOf(service);
        var possible = Problem.Possible(service);
        var free = Problem.FreeOf(service);
        if (IsFrozen)
        {
            Bits.And(possible, free);
        }

        var variable = Search.AddVariable(shelf.Values, possible, free, lazy: true, decided: true);
        _variableOf[service] = variable;
        while (_serviceOf.Count <= variable)
        {
            _serviceOf.Add(-1);
        }

        _serviceOf[variable] = service;
        Variables.Add(variable);
        CameIn?.Invoke(variable);
        return variable;
    }

    // All that its possible releases ask, and what the current releases of settled consumers ask of it.
    private void Expand(int variable)
    {
        var service = _serviceOf[variable];
        var shelf = Problem.ShelfOf(service);
        var possible = Problem.Possible(service);
        for (var value = Bits.Next(possible, 1); value > 0; value = Bits.Next(possible, value + 1))
        {
            foreach (var need in shelf.Releases[value - 1].Needs)
            {
                var provider = Problem.NumberOf(need.Service);
                if (provider != service)
                {
                    BuilderOf(provider, value).Add(shelf, Problem.ShelfOf(provider), value, need);
                }
            }
        }

        for (var i = 0; i < _asked.Count; i++)
        {
            _builders[i].AddTo(Search, variable, BringIn(_asked[i]));
        }

        ReleaseBuilders();
        foreach (var (consumer, place) in Problem.CurrentConsumersOf(service))
        {
            var from = BringIn(consumer);
            if (consumer != service && Search.IsLazy(from))
            {
                var value = Problem.SettledValue(consumer);
                var builder = BuilderOf(service, value);
                builder.Add(Problem.ShelfOf(consumer), shelf, value, Problem.ShelfOf(consumer).Releases[value - 1].Needs[place]);
                builder.AddTo(Search, from, variable);
                ReleaseBuilders();
            }
        }
    }

    private EdgeBuilder BuilderOf(int provider, int value)
    {
        // Releases follow each other, and mostly need the same services: the place is found at once, or after a few steps.
        var place = _placeOf.GetValueOrDefault(provider, -1);
        while (place >= 0 && _builders[place].LastValue == value)
        {
            place = _asked.IndexOf(provider, place + 1);
        }

        if (place < 0)
        {
            place = _asked.Count;
            _placeOf.TryAdd(provider, place);
            _asked.Add(provider);
            if (_builders.Count == place)
            {
                _builders.Add(new EdgeBuilder());
            }
        }

        return _builders[place];
    }

    private void ReleaseBuilders()
    {
        for (var i = 0; i < _asked.Count; i++)
        {
            _builders[i].Clear();
        }

        _asked.Clear();
        _placeOf.Clear();
    }
}
