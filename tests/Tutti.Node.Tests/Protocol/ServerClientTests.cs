using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Tutti.Model;
using Tutti.Model.Agents;
using Tutti.Model.Quantities;
using Tutti.Node.Protocol;
using Tutti.Node.Tests.Instances;

namespace Tutti.Node.Tests.Protocol;

public sealed class ServerClientTests
{
    private static readonly NodeRegistration _registration = new()
    {
        Name = "node-1",
        Session = "s-1",
        Address = "127.0.0.1",
        Capacity = new NodeCapacity(new Cpu(2000), ByteSize.FromMebibytes(64)),
    };

    [Fact]
    public async Task Registers_with_its_token()
    {
        NodeRegistration? got = null;
        string? authorization = null;
        await using var server = await FakeHttpServer.StartAsync(async context =>
        {
            authorization = context.Request.Headers.Authorization;
            got = await context.Request.ReadFromJsonAsync<NodeRegistration>(TuttiJson.Options);
            await context.Response.WriteAsJsonAsync(
                new RegistrationReply { ClusterId = "c", Lease = TimeSpan.FromSeconds(10), Heartbeat = TimeSpan.FromSeconds(2) }, TuttiJson.Options);
        });
        using var client = new ServerClient(server.Url, "secret", TimeProvider.System);
        var reply = await client.RegisterAsync(_registration, CancellationToken.None);
        Assert.Equal(("c", TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(2)), (reply.ClusterId, reply.Lease, reply.Heartbeat));
        Assert.Equal("Bearer secret", authorization);
        Assert.Equal(_registration, got);
        Assert.Equal(["POST /api/nodes/node-1/register"], server.Asked);
    }

    [Theory]
    [InlineData(401, true)]
    [InlineData(403, true)]
    [InlineData(409, false)]
    public async Task A_refusal_is_told_from_an_absence(int status, bool token)
    {
        await using var server = await FakeHttpServer.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync("""{"type": "tutti:wrong-cluster", "title": "No", "detail": "this is cluster c-2"}""");
        });
        using var client = new ServerClient(server.Url, "t", TimeProvider.System);
        var e = await Assert.ThrowsAsync<ServerRefusedException>(() => client.RegisterAsync(_registration, CancellationToken.None));
        Assert.Equal(((HttpStatusCode)status, "tutti:wrong-cluster", token), (e.Status, e.Type, e.TokenRefused));
        Assert.Contains("this is cluster c-2", e.Message);
    }

    [Theory]
    [InlineData(500, "plain text")]
    [InlineData(503, "")]
    [InlineData(429, "{}")]
    [InlineData(200, "{ not JSON")]
    public async Task What_may_pass_is_worth_trying_again(int status, string body)
    {
        await using var server = await FakeHttpServer.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync(body);
        });
        using var client = new ServerClient(server.Url, "t", TimeProvider.System);
        await Assert.ThrowsAsync<ServerUnreachableException>(() => client.RegisterAsync(_registration, CancellationToken.None));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_unreachable_and_named()
    {
        string url;
        await using (var server = await FakeHttpServer.StartAsync(_ => Task.CompletedTask))
        {
            url = server.Url;
        }

        using var client = new ServerClient(url, "t", TimeProvider.System);
        var e = await Assert.ThrowsAsync<ServerUnreachableException>(() => client.RegisterAsync(_registration, CancellationToken.None));
        Assert.Contains(url, e.Message);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_given_up()
    {
        var time = new ManualTime();
        await using var server = await FakeHttpServer.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using var client = new ServerClient(server.Url, "t", time);
        var asking = client.RegisterAsync(_registration, CancellationToken.None);
        await Until.HoldsAsync(() => !server.Asked.IsEmpty, "it is asked");
        time.Advance(TimeSpan.FromSeconds(6));
        await Assert.ThrowsAsync<ServerUnreachableException>(() => asking);
    }

    [Fact]
    public async Task A_watch_brings_every_event_of_its_kind_until_the_server_ends_it()
    {
        var second = JsonSerializer.Serialize(new AssignmentEvent { Revision = 8, Assigned = [Stage.Web()] }, TuttiJson.Options);
        await using var server = await FakeHttpServer.StartAsync(context => FakeHttpServer.SendAsync(
            context,
            ": hello\n\nid: 7\nevent: assignments\ndata: {\"revision\": 7, \"snapshot\": true}\n\nevent: of-the-future\ndata: {}\n\nid: 8\nevent: assignments\ndata: " + second + "\n\n"));
        using var client = new ServerClient(server.Url, "t", TimeProvider.System);
        var all = await client.WatchAssignmentsAsync("node-1", "s-1", null, CancellationToken.None).ToArrayAsync();
        Assert.Equal([(7L, true), (8L, false)], all.Select(e => (e.Revision, e.Snapshot)));
        Assert.Equal("web-1", Assert.Single(all[1].Assigned).Instance);
        await client.WatchAssignmentsAsync("node-1", "s-1", 8, CancellationToken.None).ToArrayAsync();
        await client.WatchEndpointsAsync("shop", 9, CancellationToken.None).ToArrayAsync();
        Assert.Equal(
            ["GET /api/nodes/node-1/watch?session=s-1", "GET /api/nodes/node-1/watch?session=s-1&after=8", "GET /api/architectures/shop/endpoints?watch=true&after=9"],
            server.Asked);
    }

    [Fact]
    public async Task A_watch_lives_on_comments_and_dies_of_silence()
    {
        var time = new ManualTime();
        var comments = new SemaphoreSlim(0);
        await using var server = await FakeHttpServer.StartAsync(async context =>
        {
            await FakeHttpServer.SendAsync(context, "event: assignments\ndata: {\"revision\": 1}\n\n");
            while (true)
            {
                await comments.WaitAsync(context.RequestAborted);
                await FakeHttpServer.SendAsync(context, ": still here\n\nevent: assignments\ndata: {\"revision\": 2}\n\n");
            }
        });
        using var client = new ServerClient(server.Url, "t", time);
        await using var watch = client.WatchAssignmentsAsync("node-1", "s", null, CancellationToken.None).GetAsyncEnumerator();
        Assert.True(await watch.MoveNextAsync());
        for (var i = 0; i < 3; i++)
        {
            var next = watch.MoveNextAsync().AsTask();
            time.Advance(TimeSpan.FromSeconds(10));
            comments.Release();
            Assert.True(await next);
        }

        var last = watch.MoveNextAsync().AsTask();
        time.Advance(TimeSpan.FromSeconds(16));
        var e = await Assert.ThrowsAsync<ServerUnreachableException>(() => last);
        Assert.Contains("15s", e.Message);
    }

    [Fact]
    public async Task A_watch_that_is_cut_off_is_unreachable()
    {
        await using var server = await FakeHttpServer.StartAsync(async context =>
        {
            await FakeHttpServer.SendAsync(context, "event: assignments\ndata: {\"revision\": 1}\n\n");
            context.Abort();
        });
        using var client = new ServerClient(server.Url, "t", TimeProvider.System);
        await Assert.ThrowsAsync<ServerUnreachableException>(async () => await client.WatchAssignmentsAsync("n", "s", null, CancellationToken.None).ToArrayAsync());
    }

    [Fact]
    public async Task Downloads_and_says_what_is_missing()
    {
        await using var server = await FakeHttpServer.StartAsync(context =>
        {
            context.Response.StatusCode = context.Request.Path.Value!.EndsWith("sha256:ab", StringComparison.Ordinal) ? 200 : 404;
            return context.Response.WriteAsync("content");
        });
        using var client = new ServerClient(server.Url, "t", TimeProvider.System);
        using (var reader = new StreamReader(await client.DownloadAsync("sha256:ab", CancellationToken.None)))
        {
            Assert.Equal("content", await reader.ReadToEndAsync());
        }

        var e = await Assert.ThrowsAsync<ServerRefusedException>(() => client.DownloadAsync("sha256:cd", CancellationToken.None));
        Assert.Equal(HttpStatusCode.NotFound, e.Status);
    }

    [Fact]
    public async Task A_log_is_sent_line_by_line_as_it_comes()
    {
        var goOn = new TaskCompletionSource();
        var got = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await using var server = await FakeHttpServer.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            while (await reader.ReadLineAsync() is { } line)
            {
                got.Enqueue(line);
            }
        });
        using var client = new ServerClient(server.Url, "t", TimeProvider.System);
        var sending = client.SendLogAsync("node-1", "stream-1", LinesAsync(), CancellationToken.None);
        await Until.HoldsAsync(() => got.Count == 1, "the first line has arrived before the second is there");
        goOn.SetResult();
        await sending;
        Assert.Equal(["one", "two"], got);
        Assert.Equal(["POST /api/nodes/node-1/logs/stream-1"], server.Asked);

        async IAsyncEnumerable<string> LinesAsync()
        {
            yield return "one";
            await goOn.Task;
            yield return "two";
        }
    }
}
