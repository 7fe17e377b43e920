namespace Tutti.Decisions.Versions.Solving.Grounding;

/// <summary>What kind of thing rules versions out.</summary>
internal enum FactKind
{
    /// <summary>It was asked for.</summary>
    Wish,

    /// <summary>It is there now, so it stays there.</summary>
    Present,

    /// <summary>It must stay at a current version.</summary>
    Hold,

    /// <summary>It must stay in a range.</summary>
    Pin,

    /// <summary>It is at or above a release that is not reversible.</summary>
    Floor,

    /// <summary>A release accepts only some versions of a service.</summary>
    Need,
}

/// <summary>One thing that rules versions out, and could be left out of the question.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Service">Number of the service that it is about; of the consumer for <see cref="FactKind.Need"/>.</param>
/// <param name="Value">Value of the consumer's release.</param>
/// <param name="Need">Place among the release's needs.</param>
internal readonly record struct Fact(FactKind Kind, int Service, int Value = 0, int Need = 0);
