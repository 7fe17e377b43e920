namespace Tutti.Model.Versions;

/// <summary>How a comparator compares.</summary>
internal enum VersionOperator
{
    Less,
    LessOrEqual,
    Equal,
    GreaterOrEqual,
    Greater,
}

/// <summary>One condition on a version; every range is a set of alternatives, each a set of these.</summary>
internal readonly record struct VersionComparator(VersionOperator Operator, ReleaseVersion Bound)
{
    public bool Accepts(ReleaseVersion version)
    {
        var order = version.CompareTo(Bound);
        return Operator switch
        {
            VersionOperator.Less => order < 0,
            VersionOperator.LessOrEqual => order <= 0,
            VersionOperator.Equal => order == 0,
            VersionOperator.GreaterOrEqual => order >= 0,
            _ => order > 0,
        };
    }
}
