namespace Tutti.Control.State;

/// <summary>A service's full name; written <c>architecture/service</c>.</summary>
public readonly record struct ServiceKey(string Architecture, string Service) : IComparable<ServiceKey>
{
    /// <inheritdoc/>
    public int CompareTo(ServiceKey other)
    {
        var byArchitecture = string.CompareOrdinal(Architecture, other.Architecture);
        return byArchitecture != 0 ? byArchitecture : string.CompareOrdinal(Service, other.Service);
    }

    /// <summary><c>architecture/service</c>.</summary>
    public override string ToString() => $"{Architecture}/{Service}";
}
