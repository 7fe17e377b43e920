namespace Tutti.Store.Sqlite;

/// <summary>The connection that writes, with its statements. Used by the writing thread only.</summary>
internal sealed class Writer : IDisposable
{
    /// <summary>Most changes that one step of a compaction deletes.</summary>
    private const int ForgetRows = 2_048;

    /// <summary>Bytes of values after which one step of a compaction ends.</summary>
    private const int ForgetBytes = 4 << 20;

    private readonly Database _database;
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _meta;
    private readonly Statement _put;
    private readonly Statement _delete;
    private readonly Statement _log;
    private readonly Statement _advance;
    private readonly Statement _lease;
    private readonly Statement _compacted;
    private readonly Statement _forget;

    /// <summary>Prepares the statements on a connection whose schema is up to date.</summary>
    public Writer(Database database)
    {
        _database = database;

        // IMMEDIATE takes the write lock before anything is read, so the epoch that is checked is the one in force until the end.
        _begin = database.Prepare("BEGIN IMMEDIATE");
        _commit = database.Prepare("COMMIT");
        _meta = database.Prepare("SELECT revision, epoch, holder, until, compacted FROM meta WHERE id = 1");
        _put = database.Prepare("REPLACE INTO documents(kind, key, revision, value) VALUES(?1, ?2, ?3, ?4)");
        _delete = database.Prepare("DELETE FROM documents WHERE kind = ?1 AND key = ?2");
        _log = database.Prepare("INSERT INTO changes(id, kind, key, value) VALUES(?1, ?2, ?3, ?4)");
        _advance = database.Prepare("UPDATE meta SET revision = ?1 WHERE id = 1");
        _lease = database.Prepare("UPDATE meta SET epoch = ?1, holder = ?2, until = ?3 WHERE id = 1");
        _compacted = database.Prepare("UPDATE meta SET compacted = ?1 WHERE id = 1");
        _forget = database.Prepare(
            """
            DELETE FROM changes WHERE id IN (
              SELECT id FROM (
                SELECT id, coalesce(length(value), 0) AS bytes, sum(coalesce(length(value), 0)) OVER (ORDER BY id) AS total
                FROM (SELECT id, value FROM changes WHERE id < ?1 ORDER BY id LIMIT ?2))
              WHERE total - bytes < ?3)
            """);
    }

    /// <summary>Writes one batch; it is durable when this returns.</summary>
    public long Commit(ReadOnlySpan<DocumentWrite> batch, long epoch)
    {
        const string Operation = "commit";
        Begin(Operation);
        try
        {
            var meta = ReadMeta(Operation);
            if (meta.Epoch != epoch)
                throw new FencedException(epoch, meta.Epoch);

            var revision = meta.Revision + 1;
            for (var i = 0; i < batch.Length; i++)
            {
                Log(revision << Schema.OrdinalBits | (long)i, batch[i], Operation);
                Write(revision, batch[i], Operation);
            }

            _advance.Bind(1, revision);
            _advance.Run(Operation);
            _commit.Run(Operation);
            return revision;
        }
        catch
        {
            _database.Abandon();
            throw;
        }
    }

    public Lease AcquireLease(string holder, TimeSpan duration, DateTimeOffset now, bool takeOver)
    {
        const string Operation = "taking the lease";
        Begin(Operation);
        try
        {
            var current = ReadMeta(Operation).Lease;
            var next = LeaseRules.Next(current, holder, duration, now, takeOver);
            if (next != current)
            {
                _lease.Bind(1, next.Epoch);
                _lease.Bind(2, next.Holder);
                _lease.Bind(3, next.Until.UtcTicks);
                _lease.Run(Operation);
            }

            _commit.Run(Operation);
            return next;
        }
        catch
        {
            _database.Abandon();
            throw;
        }
    }

    /// <summary>Says that changes up to a revision are forgotten; the rows go with <see cref="ForgetSome"/>.</summary>
    /// <returns>The revision through which changes are now forgotten.</returns>
    public long MarkCompacted(long throughRevision)
    {
        const string Operation = "compaction";
        Begin(Operation);
        try
        {
            var meta = ReadMeta(Operation);
            var through = Math.Max(meta.Compacted, Math.Min(throughRevision, meta.Revision));
            if (through > meta.Compacted)
            {
                _compacted.Bind(1, through);
                _compacted.Run(Operation);
            }

            _commit.Run(Operation);
            return through;
        }
        catch
        {
            _database.Abandon();
            throw;
        }
    }

    /// <summary>Deletes some of the oldest forgotten changes, few enough that a commit behind it hardly waits.</summary>
    /// <returns>False when there were none left.</returns>
    public bool ForgetSome(long throughRevision)
    {
        const string Operation = "compaction";
        Begin(Operation);
        try
        {
            _forget.Bind(1, (throughRevision + 1) << Schema.OrdinalBits);
            _forget.Bind(2, ForgetRows);
            _forget.Bind(3, ForgetBytes);
            _forget.Run(Operation);
            var rows = _database.RowsChanged;
            _commit.Run(Operation);
            return rows > 0;
        }
        catch
        {
            _database.Abandon();
            throw;
        }
    }

    /// <summary>Pages written since the last call.</summary>
    public int TakePagesWritten() => _database.TakePagesWritten();

    /// <inheritdoc cref="Database.CheckpointPassively"/>
    public int? CheckpointPassively() => _database.CheckpointPassively();

    public void Dispose() => _database.Dispose();

    private void Begin(string operation)
    {
        _database.Abandon();
        _begin.Run(operation);
    }

    private Meta ReadMeta(string operation)
    {
        _meta.Step(operation);
        var holder = _meta.IsNull(2) ? null : _meta.Text(2);
        var epoch = _meta.Int64(1);
        var lease = holder is null ? null : new Lease(holder, epoch, new DateTimeOffset(_meta.Int64(3), TimeSpan.Zero));
        var meta = new Meta(_meta.Int64(0), epoch, _meta.Int64(4), lease);
        _meta.Reset();
        return meta;
    }

    private void Log(long id, in DocumentWrite write, string operation)
    {
        _log.Bind(1, id);
        _log.Bind(2, write.Kind);
        _log.Bind(3, write.Key);
        _log.Bind(4, write.Value);
        _log.Run(operation);
    }

    private void Write(long revision, in DocumentWrite write, string operation)
    {
        var statement = write.Value is null ? _delete : _put;
        statement.Bind(1, write.Kind);
        statement.Bind(2, write.Key);
        if (write.Value is not null)
        {
            statement.Bind(3, revision);
            statement.Bind(4, write.Value);
        }

        statement.Run(operation);
    }

    private readonly record struct Meta(long Revision, long Epoch, long Compacted, Lease? Lease);
}
