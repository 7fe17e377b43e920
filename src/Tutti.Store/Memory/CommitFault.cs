namespace Tutti.Store.Memory;

/// <summary>What a simulated medium does to one commit.</summary>
public enum CommitFault
{
    /// <summary>Nothing: the commit succeeds.</summary>
    None,

    /// <summary>Nothing is written and the commit is reported as failed.</summary>
    BeforeWrite,

    /// <summary>The batch is written, yet the commit is reported as failed: the answer was lost.</summary>
    AfterWrite,
}
