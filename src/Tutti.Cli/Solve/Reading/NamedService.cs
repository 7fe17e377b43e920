namespace Tutti.Cli.Solve.Reading;

/// <summary>A service as a section other than <c>releases</c> names it; whether it exists is known only at the end of the file.</summary>
/// <param name="Section">The section: <c>hold</c>.</param>
/// <param name="Service">The name.</param>
/// <param name="Mark">Where it stands.</param>
internal sealed record NamedService(string Section, string Service, Mark Mark);
