namespace Tutti.Bench;

/// <summary>One thing that is measured; prints its figures as tables that can be pasted into docs/performance.md.</summary>
internal interface IBenchmark
{
    /// <summary>What it is called on the command line.</summary>
    string Name { get; }

    /// <summary>What it measures, in one line.</summary>
    string Description { get; }

    /// <summary>Measures and prints.</summary>
    /// <param name="args">The arguments after the name.</param>
    Task RunAsync(string[] args);
}
