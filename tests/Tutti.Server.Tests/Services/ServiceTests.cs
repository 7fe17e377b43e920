using Tutti.Control.Commands;
using Tutti.Control.State;
using Tutti.Model.Lifecycle;
using Tutti.Server.Api;
using Tutti.Server.Tests.Fakes;

namespace Tutti.Server.Tests.Services;

public sealed class ServiceTests
{
    private const string Cart = "api/architectures/shop/services/cart";

    [Fact]
    public async Task Lists_services_of_the_current_set_external_ones_included()
    {
        await using var server = await TestServer.StartAsync([.. Shop.Running(), Shop.Instance("cart", "cart-w") with { Withheld = true }]);
        var services = (await server.GetAsync<ServiceDocument[]>("api/architectures/shop/services")).ToDictionary(s => s.Service);
        Assert.Equal(["cart", "db", "tax", "web"], services.Keys);
        var cart = services["cart"];
        Assert.Equal(("2.2.0", 2, 2, "carts", ServiceStatus.Run), (cart.Version!.ToString(), cart.Desired, cart.Healthy, cart.Owner, cart.Status));
        Assert.Equal(3, cart.Running["2.2.0"]);
        Assert.Equal(ServiceKind.Pet, services["db"].Kind);
        var tax = services["tax"];
        Assert.Equal((ServiceStatus.Run, ServiceHealth.Healthy, "https://tax.example/v1"), (tax.Status, tax.Health, tax.External));
        Assert.Null(tax.Version);
    }

    [Fact]
    public async Task Shows_the_operation_in_progress()
    {
        var operation = new Operation
        {
            Id = "op-3",
            Architecture = "shop",
            Service = "cart",
            Kind = OperationKind.Update,
            State = OperationState.Running,
            ToSet = 1,
            Summary = "2.1.0 → 2.2.0",
            Author = "ann",
            Started = Shop.Noon,
            StepSince = Shop.Noon,
            ProgressAt = Shop.Noon,
        };
        await using var server = await TestServer.StartAsync([.. Shop.Running(), operation, Shop.State("cart", ServiceStatus.Update) with { Operation = "op-3", Unplaced = "no room" }]);
        var cart = await server.GetAsync<ServiceDocument>(Cart);
        Assert.Equal(("op-3", "2.1.0 → 2.2.0", "no room"), (cart.Operation?.Id, cart.Operation?.Summary, cart.Unplaced));
        Assert.Equal("op-3", Assert.Single(await server.GetAsync<Operation[]>("api/operations?architecture=shop&service=cart")).Id);
        Assert.Empty(await server.GetAsync<Operation[]>("api/operations?service=web"));
    }

    [Fact]
    public async Task A_service_that_left_the_manifest_is_shown_while_it_is_taken_down()
    {
        var spec = Shop.Spec with { Services = Shop.Spec.Services.Remove("cart") };
        await using var server = await TestServer.StartAsync([.. Shop.Running(), Shop.Set(2, spec), Shop.Architecture(2), Shop.State("cart", ServiceStatus.Destroy)]);
        var cart = await server.GetAsync<ServiceDocument>(Cart);
        Assert.Equal((ServiceStatus.Destroy, 0, 2, "2.2.0"), (cart.Status, cart.Desired, cart.Healthy, cart.Version?.ToString()));
    }

    [Fact]
    public async Task A_destroyed_architecture_shows_only_what_is_still_there()
    {
        await using var server = await TestServer.StartAsync([.. Shop.Running(), Shop.Architecture() with { Destroyed = true }]);
        var services = await server.GetAsync<ServiceDocument[]>("api/architectures/shop/services");
        Assert.Equal(["cart", "db", "web"], services.Select(s => s.Service));
        Assert.All(services, s => Assert.Equal(0, s.Desired));
        Assert.True((await server.GetAsync<ArchitectureDocument>("api/architectures/shop")).Destroyed);
    }

    [Fact]
    public async Task History_is_the_journal_of_one_service_oldest_first()
    {
        await using var server = await TestServer.StartAsync([.. Shop.Running(), Shop.Line(1), Shop.Line(2, "web"), Shop.Line(3)]);
        Assert.Equal([1, 3], (await server.GetAsync<Event[]>(Cart + "/history")).Select(e => e.Sequence));
        await server.Http.GetAsync("api/architectures/shop/services/crat/history").ProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task Commands_carry_service_and_author()
    {
        await using var server = await TestServer.StartAsync(Shop.Running());
        await (await server.PostAsync(Cart + "/scale?author=ann", new ScaleRequest(2, 4))).ReadAsync<ChangeDocument>();
        await (await server.PostAsync(Cart + "/scale", new ScaleRequest(3))).ReadAsync<ChangeDocument>();
        foreach (var verb in (string[])["restart", "pause", "unpause", "resume"])
        {
            Assert.Equal("shop", (await (await server.PostAsync($"{Cart}/{verb}")).ReadAsync<ChangeDocument>()).Architecture);
        }

        Assert.Equal<Command>(
            [
                new ScaleService("shop", "cart", 2, 4, "ann"),
                new ScaleService("shop", "cart", 3, 3, "api"),
                new RestartService("shop", "cart", "api"),
                new PauseService("shop", "cart", true, "api"),
                new PauseService("shop", "cart", false, "api"),
                new ResumeService("shop", "cart", "api"),
            ],
            server.Control.Submitted);
    }

    [Theory]
    [InlineData(-1, null)]
    [InlineData(3, 2)]
    [InlineData(1, 1_000_001)]
    public async Task An_impossible_scale_is_refused(int min, int? max)
    {
        await using var server = await TestServer.StartAsync(Shop.Running());
        var problem = await server.PostAsync(Cart + "/scale", new ScaleRequest(min, max)).ProblemAsync(422, "invalid");
        Assert.StartsWith("cannot scale shop/cart", problem.Detail);
        Assert.Empty(server.Control.Submitted);
    }

    [Fact]
    public async Task Commands_to_an_unknown_service_name_the_nearest()
    {
        await using var server = await TestServer.StartAsync(Shop.Running());
        server.Control.Answer = _ => new CommandResult { Refusal = new Refusal { Type = "not-found", Detail = "not there" } };
        var problem = await server.PostAsync("api/architectures/shop/services/crat/restart").ProblemAsync(404, "not-found");
        Assert.Equal("there is no service 'crat' in shop; did you mean 'cart'?", problem.Detail);
        Assert.Equal(problem.Detail, (await server.Http.GetAsync("api/architectures/shop/services/crat").ProblemAsync(404, "not-found")).Detail);
    }

    [Fact]
    public async Task What_was_acknowledged_is_read_at_once()
    {
        await using var server = await TestServer.StartAsync(Shop.Running());
        server.Control.Answer = _ => new CommandResult { Revision = 2 };
        var pausing = server.PostAsync(Cart + "/pause");
        await Eventually.TrueAsync(() => !server.Control.Submitted.IsEmpty, "the command is handed in");
        Assert.NotSame(pausing, await Task.WhenAny(pausing, Task.Delay(100)));
        server.Control.Put(Shop.State("cart") with { Paused = true });
        await (await pausing).ReadAsync<ChangeDocument>();
        Assert.True((await server.GetAsync<ServiceDocument>(Cart)).Paused);
    }
}
