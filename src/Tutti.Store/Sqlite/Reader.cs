namespace Tutti.Store.Sqlite;

/// <summary>A connection that reads, with its statements. Used by one caller at a time.</summary>
internal sealed class Reader : IDisposable
{
    private const string Operation = "reading";

    private readonly Database _database;
    private readonly Statement _revision;
    private readonly Statement _get;
    private readonly Statement _loadAll;
    private readonly Statement _loadKind;
    private readonly Statement _changes;
    private string _lastKind = "";

    public Reader(Database database)
    {
        _database = database;
        _revision = database.Prepare("SELECT revision, compacted FROM meta WHERE id = 1");
        _get = database.Prepare("SELECT revision, value FROM documents WHERE kind = ?1 AND key = ?2");
        _loadAll = database.Prepare("SELECT kind, key, revision, value FROM documents ORDER BY kind, key");
        _loadKind = database.Prepare("SELECT kind, key, revision, value FROM documents WHERE kind = ?1 ORDER BY key");
        _changes = database.Prepare("SELECT id, kind, key, value FROM changes WHERE id > ?1 AND id < ?2 ORDER BY id");
    }

    /// <summary>The last revision, and the one through which changes are forgotten.</summary>
    public (long Last, long Compacted) Revisions()
    {
        if (!_revision.Step(Operation))
            throw new StoreException($"reading failed: {_database.Path}: its line of revisions is missing, the file is damaged: put a backup in its place");
        var revisions = (_revision.Int64(0), _revision.Int64(1));
        _revision.Reset();
        return revisions;
    }

    public Document? Get(string kind, string key)
    {
        _get.Bind(1, kind);
        _get.Bind(2, key);
        if (!_get.Step(Operation))
            return null;
        var document = new Document(kind, key, _get.Int64(0), _get.Bytes(1).ToArray());
        _get.Reset();
        return document;
    }

    /// <summary>Begins to load. The snapshot lasts from the first row read to the end, or to <see cref="EndLoad"/>.</summary>
    public Statement BeginLoad(string? kind)
    {
        if (kind is null)
            return _loadAll;
        _loadKind.Bind(1, kind);
        return _loadKind;
    }

    /// <summary>Reads some more documents.</summary>
    /// <returns>False at the end.</returns>
    public bool LoadSome(Statement load, List<Document> documents, Portion portion)
    {
        while (load.Step(Operation))
        {
            var document = new Document(load.Text(0, ref _lastKind), load.Text(1), load.Int64(2), load.Bytes(3).ToArray());
            documents.Add(document);
            if (portion.IsFull(document.Value.Length))
                return true;
        }

        return false;
    }

    /// <summary>Ends the snapshot.</summary>
    public static void EndLoad(Statement load) => load.Reset();

    /// <summary>Reads some more changes.</summary>
    /// <param name="afterId">Only changes with a higher id; moved on to the last one read.</param>
    /// <param name="beforeId">Only changes with a lower id.</param>
    /// <param name="changes">Where to put them.</param>
    /// <param name="portion">How many.</param>
    /// <returns>False at the end.</returns>
    public bool ChangesSome(ref long afterId, long beforeId, List<DocumentChange> changes, Portion portion)
    {
        _changes.Bind(1, afterId);
        _changes.Bind(2, beforeId);
        while (_changes.Step(Operation))
        {
            afterId = _changes.Int64(0);
            var value = _changes.IsNull(3) ? (ReadOnlyMemory<byte>?)null : _changes.Bytes(3).ToArray();
            changes.Add(new DocumentChange(afterId >> Schema.OrdinalBits, _changes.Text(1, ref _lastKind), _changes.Text(2), value));
            if (portion.IsFull(value?.Length ?? 0))
            {
                _changes.Reset();
                return true;
            }
        }

        return false;
    }

    public void Dispose() => _database.Dispose();
}
