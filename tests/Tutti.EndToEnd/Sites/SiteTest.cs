namespace Tutti.EndToEnd.Sites;

/// <summary>A test with a site of its own; where it fails, it says what happened there.</summary>
public abstract class SiteTest : IAsyncLifetime
{
    internal Site Site { get; } = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await using var site = Site;
        await Report.IfFailedAsync(site);
    }
}

/// <summary>Adds the report of a site to the output of a failed test.</summary>
internal static class Report
{
    public static async Task IfFailedAsync(Site site)
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(await SiteReport.WriteAsync(site));
        }
    }
}
