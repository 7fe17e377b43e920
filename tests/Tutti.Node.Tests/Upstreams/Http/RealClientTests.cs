using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tutti.Node.Tests.Runtimes;

namespace Tutti.Node.Tests.Upstreams.Http;

/// <summary>The framework's client and server, with an upstream between them.</summary>
public sealed class RealClientTests : IAsyncLifetime
{
    private readonly HttpStage _stage = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(1) });
    private WebApplication _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await StartAsync(HttpProtocols.Http1);
        await LeadAsync(_server);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _stage.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Many_requests_at_once_of_every_kind_come_back_right()
    {
        await Task.WhenAll(Enumerable.Range(0, 32).Select(async worker =>
        {
            for (var i = 0; i < 30; i++)
            {
                var text = $"{worker} {i} {new string('x', i * i * 100)}";
                HttpContent content = i % 2 == 0 ? new StringContent(text) : new Unmeasured(text);
                using var answer = await _http.PostAsync("/echo" + (i % 3 == 0 ? "?chunked" : ""), content).Soon();
                Assert.Equal(text, await answer.Content.ReadAsStringAsync());
                Assert.Equal($"{worker} {i}", await _http.GetStringAsync($"/say/{worker} {i}").Soon());
            }
        }));
        Assert.Equal((32 * 60, 0), (_stage.Traffic.Requests, _stage.Traffic.Errors));
    }

    [Fact]
    public async Task Heads_and_expectations()
    {
        using var head = await _http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/say/hello")).Soon();
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        using var expecting = new HttpRequestMessage(HttpMethod.Post, "/echo") { Content = new StringContent("waited for") };
        expecting.Headers.ExpectContinue = true;
        using var echoed = await _http.SendAsync(expecting).Soon();
        Assert.Equal("waited for", await echoed.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task WebSockets()
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{_stage.Port}/ws"), CancellationToken.None).Soon();
        var buffer = new byte[64 * 1024];
        for (var i = 1; i < 20; i++)
        {
            var text = new string('w', i * 1000);
            await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None).Soon();
            var (length, got) = (0, (WebSocketReceiveResult?)null);
            while (got is not { EndOfMessage: true })
            {
                got = await socket.ReceiveAsync(new ArraySegment<byte>(buffer, length, buffer.Length - length), CancellationToken.None).Soon();
                length += got.Count;
            }

            Assert.Equal(text, Encoding.UTF8.GetString(buffer, 0, length));
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).Soon();
    }

    [Fact]
    public async Task HTTP_2_without_asking()
    {
        await using var server = await StartAsync(HttpProtocols.Http2);
        await LeadAsync(server);
        using var http = new HttpClient
        {
            BaseAddress = _http.BaseAddress,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        Assert.Equal("two", await http.GetStringAsync("/say/two").Soon());
        using var answer = await http.GetAsync("/trailers").Soon();
        Assert.Equal("body", await answer.Content.ReadAsStringAsync());
        Assert.Equal("42", answer.TrailingHeaders.GetValues("sum").Single());
    }

    private static async Task<WebApplication> StartAsync(HttpProtocols protocols)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l => l.Protocols = protocols));
        var app = builder.Build();
        app.UseWebSockets();
        app.MapMethods("/say/{what}", ["GET", "HEAD"], (string what) => what);
        app.MapPost("/echo", async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            context.Response.ContentLength = context.Request.Query.ContainsKey("chunked") ? null : body.Length;
            await context.Response.Body.WriteAsync(body.ToArray());
        });
        app.MapGet("/trailers", async context =>
        {
            context.Response.DeclareTrailer("sum");
            await context.Response.WriteAsync("body");
            context.Response.AppendTrailer("sum", "42");
        });
        app.Map("/ws", async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var buffer = new byte[4096];
            while (await socket.ReceiveAsync(buffer, CancellationToken.None) is { MessageType: not WebSocketMessageType.Close } got)
            {
                await socket.SendAsync(buffer.AsMemory(0, got.Count), got.MessageType, got.EndOfMessage, CancellationToken.None);
            }

            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        });
        await app.StartAsync();
        return app;
    }

    private async Task LeadAsync(WebApplication server)
    {
        var url = new Uri(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        _stage.Apply(new Model.Discovery.Endpoint { Instance = "kestrel", Port = "http", Address = "127.0.0.1", Number = url.Port });
        (await _stage.Connect()).Dispose();
        _http.BaseAddress ??= new Uri($"http://127.0.0.1:{_stage.Port}");
    }

    /// <summary>Content that is sent in chunks.</summary>
    private sealed class Unmeasured(string text) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            foreach (var piece in Encoding.UTF8.GetBytes(text).Chunk(1000))
            {
                await stream.WriteAsync(piece);
                await stream.FlushAsync();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
