using System.Runtime.CompilerServices;
using Tutti.Store.Sqlite;
using static Tutti.Store.Tests.Reading;

namespace Tutti.Store.Tests.Sqlite;

/// <summary>What this test program does instead of testing when it is started as the child that is to be killed.</summary>
internal static class CrashingWriter
{
    /// <summary>Environment variable with the path of the store.</summary>
    public const string FileVariable = "TUTTI_STORE_CRASH_FILE";

    /// <summary>How many documents the batch of a revision has.</summary>
    public static int Writes(long revision) => 1 + (int)(revision * 7 % 23);

    /// <summary>One document of a batch.</summary>
    public static DocumentWrite Write(long revision, int ordinal) =>
        Put("batch", $"{revision:D8}/{ordinal:D2}", $"{revision}.{ordinal} {new string('x', (int)(revision * 131 % 3_000))}");

    // Before Main: the program's own entry point belongs to the test framework. Nothing here may need another thread of this assembly.
    [ModuleInitializer]
    public static void RunIfChild()
    {
        if (Environment.GetEnvironmentVariable(FileVariable) is not { Length: > 0 } path)
            return;

        var store = SqliteStore.OpenAsync(path).GetAwaiter().GetResult();
        var revision = store.RevisionAsync().AsTask().GetAwaiter().GetResult();
        while (true)
        {
            revision++;
            var batch = new DocumentWrite[Writes(revision)];
            for (var i = 0; i < batch.Length; i++)
                batch[i] = Write(revision, i);
            var committed = store.CommitAsync(batch, epoch: 0).AsTask().GetAwaiter().GetResult();
            Console.WriteLine(committed);
            if (revision % 40 == 0)
                store.CompactAsync(revision - 20).AsTask().GetAwaiter().GetResult();
        }
    }
}
