using Tutti.Model.Lifecycle;
using Tutti.Server.Api;

namespace Tutti.EndToEnd.Sites;

/// <summary>What is waited for and held again and again.</summary>
internal static class SiteChecks
{
    /// <summary>Services of the shop.</summary>
    public const int ServicesOfShop = 8;

    /// <summary>Every service in Run and Healthy with as many instances as wanted and no operation, and exactly those processes alive.</summary>
    public static Task SettlesAsync(this Site site, TimeSpan? within = null) =>
        Until.NoProblemAsync("the shop runs as asked", () => site.UnsettledAsync(), within);

    /// <summary>Purchases get through again: some more succeed.</summary>
    public static async Task SellsAsync(this Site site)
    {
        var before = 0L;
        await Until.NoProblemAsync("the shopper answers", async () =>
        {
            before = Api.Number(await site.Api.StatsAsync("shopper"), "succeeded");
            return null;
        });
        await Until.NoProblemAsync("purchases succeed", async () =>
        {
            var stats = await site.Api.StatsAsync("shopper");
            return Api.Number(stats, "succeeded") >= before + 5 ? null : stats.ToJsonString();
        });
    }

    /// <summary>Each instance has at most one process.</summary>
    public static void NoneIsDoubled(this Site site)
    {
        var doubled = site.LiveInstances().GroupBy(each => each.Instance).Where(group => group.Count() > 1)
            .Select(group => $"{group.Key}: {string.Join(", ", group.Select(each => each.Pid))}");
        Assert.Empty(doubled);
    }

    /// <summary>Pids of the instances that the server knows in Run.</summary>
    public static async Task<Dictionary<string, int>> PidsAsync(this Site site, string? service = null) =>
        (await site.Api.InRunAsync(service)).ToDictionary(each => each.Id, each => each.Pid!.Value);

    /// <summary>Ends <c>up</c> by <c>tutti down</c>; nothing may be left.</summary>
    public static async Task DownAsync(this Site site, Child up)
    {
        (await site.RunAsync("down")).Expect(0);
        Assert.Equal(0, await up.EndAsync());
        Assert.Empty(LiveProcess.Below(site.Root));
    }

    private static async Task<string?> UnsettledAsync(this Site site)
    {
        var services = await site.Api.ServicesAsync();
        var instances = await site.Api.InstancesAsync();
        var live = site.LiveInstances();
        string[] problems =
        [
            .. services.Length == ServicesOfShop ? [] : (string[])[$"{services.Length} services"],
            .. services.Where(each => !Settled(each)).Select(Describe),
            .. instances.Where(each => each.Phase != InstancePhase.Run).Select(each => $"{each.Id} is in {each.Phase}: {each.Reason}"),
            .. services.Where(each => live.Count(one => one.Service == each.Service) != each.Desired)
                .Select(each => $"{live.Count(one => one.Service == each.Service)} processes of {each.Service}, wanted {each.Desired}"),
            .. instances.Where(each => each.Phase == InstancePhase.Run && !live.Any(one => one.Pid == each.Pid && one.Instance == each.Id))
                .Select(each => $"{each.Id} has no process {each.Pid}"),
        ];
        return problems.Length == 0 ? null : string.Join("; ", problems);
    }

    private static bool Settled(ServiceDocument service) =>
        service is { Status: ServiceStatus.Run, Health: ServiceHealth.Healthy, Operation: null }
        && service.Healthy == service.Desired
        && service.Running.Count == 1 && service.Running.ContainsKey(service.Version!.ToString()!);

    private static string Describe(ServiceDocument service) =>
        $"{service.Service} {service.Version}: {service.Status}, {service.Health}, {service.Healthy}/{service.Desired}, "
        + $"runs {string.Join(' ', service.Running.Select(each => $"{each.Key}×{each.Value}"))}, "
        + $"operation {service.Operation?.Kind.ToString() ?? "none"}, {service.Cause}, {service.Unplaced}";
}
