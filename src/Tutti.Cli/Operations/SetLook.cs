using Tutti.Server.Api;

namespace Tutti.Cli.Operations;

/// <summary>One look at an architecture on its way to a version set.</summary>
/// <param name="Services">Its services.</param>
/// <param name="Transition">The way to the set; null: it is not kept any more.</param>
internal sealed record SetLook(IReadOnlyList<ServiceDocument> Services, TransitionDocument? Transition);
