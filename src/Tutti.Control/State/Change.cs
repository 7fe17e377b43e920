using System.Collections.Immutable;

namespace Tutti.Control.State;

/// <summary>One document before and after, as a typed record: <see cref="Architecture"/>, <see cref="VersionSet"/>, <see cref="Release"/>,
/// <see cref="Service"/>, <see cref="Instance"/>, <see cref="Node"/>, <see cref="Operation"/> or <see cref="Event"/>.</summary>
/// <param name="Key">Kind and key of the document.</param>
/// <param name="Before">Null: it is new.</param>
/// <param name="After">Null: it is gone.</param>
public sealed record Change(DocumentKey Key, object? Before, object? After);

/// <summary>Kind and key of a document in the store.</summary>
public readonly record struct DocumentKey(string Kind, string Key);

/// <summary>Everything one durable batch changed, in order.</summary>
public sealed record CommittedBatch(long Revision, ImmutableArray<Change> Changes);
