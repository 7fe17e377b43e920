using System.Collections.Immutable;
using Tutti.Model.Agents;
using Tutti.Model.Manifest;
using Tutti.Model.Problems;
using Tutti.Model.Versions;

namespace Tutti.Control.Commands;

/// <summary>What a person or an agent asks of the loop. Acknowledged only after its effect is durable.</summary>
public abstract record Command;

/// <summary>Makes a version set of a manifest; a manifest equal to the current set changes nothing.</summary>
/// <param name="Spec">Read and validated, artifact digests filled in.</param>
/// <param name="Author">Who asks.</param>
/// <param name="Message">Why, in a line.</param>
/// <param name="AllowGap">Whether consumers may lack a pet for a while.</param>
public sealed record ApplyManifest(ArchitectureSpec Spec, string Author, string Message, bool AllowGap = false) : Command;

/// <summary>Makes a set that was worked out from another one: refused where that is no longer the current one.</summary>
/// <param name="Spec">What it holds; every release of it is recorded already.</param>
/// <param name="FromSet">The set it was worked out from.</param>
/// <param name="RollbackOf">The earlier set it goes back towards; null: none.</param>
/// <param name="Author">Who asks.</param>
/// <param name="Message">Why, in a line.</param>
/// <param name="AllowGap">Whether consumers may lack a pet for a while.</param>
public sealed record MoveArchitecture(ArchitectureSpec Spec, int FromSet, int? RollbackOf, string Author, string Message, bool AllowGap) : Command;

/// <summary>Records the releases of a manifest without deploying them: no version set is made.</summary>
/// <param name="Spec">Read and validated as releases, artifact digests filled in; its name is the architecture's. Only its services count.</param>
/// <param name="Author">Who asks.</param>
public sealed record AddReleases(ArchitectureSpec Spec, string Author) : Command;

/// <summary>Makes a set in which one service has another number of instances.</summary>
public sealed record ScaleService(string Architecture, string Service, int Min, int Max, string Author) : Command;

/// <summary>Replaces every instance of a service by one like it, within its update policy.</summary>
public sealed record RestartService(string Architecture, string Service, string Author) : Command;

/// <summary>Holds a service's operation, or lets it go on.</summary>
public sealed record PauseService(string Architecture, string Service, bool Paused, string Author) : Command;

/// <summary>Lets a Failed service try again.</summary>
public sealed record ResumeService(string Architecture, string Service, string Author) : Command;

/// <summary>Makes a set equal to an earlier one.</summary>
/// <param name="Architecture">Which.</param>
/// <param name="Set">Null: the parent of the current one.</param>
/// <param name="Force">Also past a release that is not reversible.</param>
/// <param name="Author">Who asks.</param>
/// <param name="AllowGap">Whether consumers may lack a pet for a while.</param>
public sealed record RollbackArchitecture(string Architecture, int? Set, bool Force, string Author, bool AllowGap = false) : Command;

/// <summary>Takes every service of an architecture down; its sets are kept, and applying brings it back.</summary>
public sealed record DestroyArchitecture(string Architecture, string Author) : Command;

/// <summary>An agent makes itself known.</summary>
public sealed record RegisterNode(NodeRegistration Registration) : Command;

/// <summary>An agent says what runs.</summary>
public sealed record ReportNode(string Node, NodeReport Report) : Command;

/// <summary>Moves a node's instances away, or lets instances come again.</summary>
public sealed record DrainNode(string Node, bool Draining, string Author) : Command;

/// <summary>Forgets a lost node and what ran on it.</summary>
public sealed record RemoveNode(string Node, string Author) : Command;

/// <summary>What became of a command. A refusal has changed nothing.</summary>
public sealed record CommandResult
{
    /// <summary>Whether it was carried out.</summary>
    public bool Accepted => Refusal is null;

    /// <summary>Why it was refused; null when it was not.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>Revision in which its effect is durable.</summary>
    public long Revision { get; init; }

    /// <summary>The version set it made, or the unchanged current one.</summary>
    public int? Set { get; init; }

    /// <summary>The releases that <see cref="AddReleases"/> recorded.</summary>
    public ImmutableArray<ReleaseName> Recorded { get; init; } = [];

    /// <summary>False: everything was already as asked.</summary>
    public bool Changed { get; init; } = true;

    /// <summary>What the person who asked should know of its effect, a sentence each.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>For a report: whether the session is the node's.</summary>
    public bool KnownSession { get; init; } = true;
}

/// <summary>Names a release within its architecture.</summary>
/// <param name="Service">The service.</param>
/// <param name="Version">The version.</param>
public sealed record ReleaseName(string Service, ReleaseVersion Version)
{
    /// <summary><c>web 1.2.0</c>.</summary>
    public override string ToString() => $"{Service} {Version}";
}

/// <summary>Why a command was refused.</summary>
public sealed record Refusal
{
    /// <summary>Stable name: <c>not-found</c>, <c>conflict</c>, <c>invalid</c>, <c>immutable-release</c>, <c>not-reversible</c>, <c>gap</c>, <c>no-room</c>, <c>unavailable</c>, <c>wrong-cluster</c>, <c>name-taken</c>.</summary>
    public required string Type { get; init; }

    /// <summary>One sentence with the remedy.</summary>
    public required string Detail { get; init; }

    /// <summary>Every problem, where there are several.</summary>
    public ImmutableArray<Problem> Problems { get; init; } = [];
}
