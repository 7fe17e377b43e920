using Tutti.Store.Memory;

namespace Tutti.Store.Tests.Memory;

public sealed class MemoryConformanceTests : StoreConformance
{
    private MemoryStore? _store;

    protected override Task<IStore> OpenAsync(StoreLimits? limits = null) => Task.FromResult<IStore>(_store ??= new MemoryStore(limits));
}
