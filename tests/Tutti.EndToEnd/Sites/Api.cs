using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Tutti.Model;
using Tutti.Model.Discovery;
using Tutti.Model.Lifecycle;
using Tutti.Server.Api;

namespace Tutti.EndToEnd.Sites;

/// <summary>The server of a site and its instances, asked over HTTP; always the server that runs now.</summary>
internal sealed class Api(Site site) : IDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };

    public Task<ServiceDocument[]> ServicesAsync() => GetAsync<ServiceDocument[]>("architectures/shop/services");

    public async Task<ServiceDocument> ServiceAsync(string service) => (await ServicesAsync()).Single(each => each.Service == service);

    public Task<InstanceDocument[]> InstancesAsync(string? service = null) =>
        GetAsync<InstanceDocument[]>(service is null ? "instances" : $"instances?architecture=shop&service={service}");

    /// <summary>Those in Run, by id.</summary>
    public async Task<InstanceDocument[]> InRunAsync(string? service = null) =>
        [.. (await InstancesAsync(service)).Where(each => each.Phase == InstancePhase.Run).OrderBy(each => each.Id, StringComparer.Ordinal)];

    public Task<NodeDocument[]> NodesAsync() => GetAsync<NodeDocument[]>("nodes");

    public async Task<Endpoint[]> EndpointsAsync(string service) =>
        [.. (await GetAsync<ServiceEndpoints>($"architectures/shop/services/{service}/endpoints")).Endpoints];

    public async Task<T> GetAsync<T>(string path) =>
        (await _http.GetFromJsonAsync<T>($"{site.Server().Url}/api/{path}", TuttiJson.Options, TestContext.Current.CancellationToken))!;

    public Task<string> GetTextAsync(string path) => _http.GetStringAsync($"{site.Server().Url}/api/{path}");

    /// <summary><c>/stats</c> of the one instance of a service in Run.</summary>
    public async Task<JsonNode> StatsAsync(string service)
    {
        var running = await InRunAsync(service);
        return running.Length == 1
            ? (await _http.GetFromJsonAsync<JsonNode>(StatsUrl(running[0]), TestContext.Current.CancellationToken))!
            : throw new HttpRequestException($"{running.Length} instances of {service} are in Run");
    }

    /// <summary>One of the numbers in an instance's <c>/stats</c>, asked without the server.</summary>
    public async Task<long> NumberAsync(InstanceDocument instance, string name) =>
        Number((await _http.GetFromJsonAsync<JsonNode>(StatsUrl(instance), TestContext.Current.CancellationToken))!, name);

    /// <summary>One of the service's own numbers.</summary>
    public static long Number(JsonNode stats, string name) => (long)stats["numbers"]![name]!;

    public void Dispose() => _http.Dispose();

    private static string StatsUrl(InstanceDocument instance) => $"http://{instance.Address}:{instance.Ports["http"]}/stats";
}
