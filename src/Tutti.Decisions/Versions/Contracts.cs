using System.Collections.Immutable;

namespace Tutti.Decisions.Versions;

/// <summary>One field before and after, as the manifest spells them; null: absent.</summary>
/// <param name="Path">Path inside the service, or inside the part of the manifest: <c>env.LOG_LEVEL</c>.</param>
public sealed record FieldChange(string Path, string? Before, string? After);

/// <summary>What kind of change a service goes through.</summary>
public enum ChangeAction
{
    /// <summary>It is new.</summary>
    Add,

    /// <summary>Its instances are replaced.</summary>
    Update,

    /// <summary>Only its number of instances changes.</summary>
    Scale,

    /// <summary>Only settings change that no process sees.</summary>
    Settings,

    /// <summary>It goes.</summary>
    Remove,
}

/// <summary>What changes in one service, or with a name such as <c>routes</c>, beside the services.</summary>
public sealed record SpecChange(string Subject, ChangeAction Action, ImmutableArray<FieldChange> Fields);
