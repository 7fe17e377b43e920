using Tutti.Store.Sqlite;

namespace Tutti.Store.Tests.Sqlite;

public sealed class SqliteConformanceTests : StoreConformance
{
    private readonly TemporaryFolder _folder = new();

    protected override async Task<IStore> OpenAsync(StoreLimits? limits = null) => await SqliteStore.OpenAsync(_folder.File("tutti.db"), limits);

    protected override void CleanUp() => _folder.Dispose();
}
