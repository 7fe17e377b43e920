using SQLitePCL;

namespace Tutti.Store.Sqlite;

/// <summary>The tables, their version, and the way from one version to the next.</summary>
internal static class Schema
{
    private const string Operation = "opening the store";
    private const long ApplicationId = 0x54757474; // "Tutt", as PRAGMA application_id: the file says whose it is.

    /// <summary>How far a revision is shifted in the id of a change; below it is the ordinal within its batch.</summary>
    public const int OrdinalBits = 20;

    /// <summary>
    /// Migrations[n] leads from version n to n+1; it is run in one transaction with the new version number.
    /// Append to this list; never edit an entry that was released.
    /// </summary>
    private static readonly string[] Migrations =
    [
        """
        CREATE TABLE meta(
          id INTEGER PRIMARY KEY CHECK (id = 1),
          revision INTEGER NOT NULL,
          compacted INTEGER NOT NULL,
          epoch INTEGER NOT NULL,
          holder TEXT,
          until INTEGER NOT NULL);
        INSERT INTO meta VALUES(1, 0, 0, 0, NULL, 0);
        CREATE TABLE documents(
          kind TEXT NOT NULL,
          key TEXT NOT NULL,
          revision INTEGER NOT NULL,
          value BLOB NOT NULL,
          PRIMARY KEY(kind, key)) WITHOUT ROWID;
        CREATE TABLE changes(
          id INTEGER PRIMARY KEY,
          kind TEXT NOT NULL,
          key TEXT NOT NULL,
          value BLOB);
        """,
    ];

    /// <summary>The version that this program reads and writes.</summary>
    public static int Version => Migrations.Length;

    /// <summary>Brings the file to this program's version; two programs may do so at once.</summary>
    /// <exception cref="StoreException">The file is of a newer program, of another program, or damaged.</exception>
    public static void Prepare(Database database)
    {
        if (IsForeign(database))
            throw new StoreException($"opening the store failed: {database.Path}: this is another program's SQLite database: choose another path");
        var version = database.Scalar("PRAGMA user_version", Operation);
        if (version > Version)
            throw new StoreException($"opening the store failed: {database.Path}: its schema has version {version}, this program knows up to {Version}: use the newer tutti that wrote it");
        if (database.IsReadOnly)
            throw Failures.Of(Operation, database.Path, raw.SQLITE_READONLY, "");
        if (version == Version)
            return;

        database.Execute("BEGIN IMMEDIATE", Operation);
        try
        {
            for (var from = (int)database.Scalar("PRAGMA user_version", Operation); from < Version; from++)
                database.Execute($"{Migrations[from]} PRAGMA user_version = {from + 1}; PRAGMA application_id = {ApplicationId};", Operation);
            database.Execute("COMMIT", Operation);
        }
        catch
        {
            database.Abandon();
            throw;
        }
    }

    /// <summary>Whether it is neither ours nor empty. The id is read last: another process of ours that is creating the file writes all
    /// of it in one transaction, so whoever sees its tables then sees its id.</summary>
    private static bool IsForeign(Database database)
    {
        var used = database.Scalar("PRAGMA user_version", Operation) != 0 || HasTables(database);
        return database.Scalar("PRAGMA application_id", Operation) is var id && id != ApplicationId && (id != 0 || used);
    }

    private static bool HasTables(Database database) => database.Scalar("SELECT count(*) FROM sqlite_schema", Operation) != 0;
}
