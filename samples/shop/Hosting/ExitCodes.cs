namespace Shop.Hosting;

/// <summary>How the program ends.</summary>
internal static class ExitCodes
{
    /// <summary>Asked to stop.</summary>
    public const int Done = 0;

    /// <summary><c>--crash</c>, or it could not start.</summary>
    public const int Crash = 1;

    /// <summary>The arguments make no sense.</summary>
    public const int BadUsage = 2;

    /// <summary><c>--fail-after</c>.</summary>
    public const int FailAfter = 3;
}
