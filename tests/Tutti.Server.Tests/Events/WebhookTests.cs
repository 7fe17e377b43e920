using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Tutti.Control.State;
using Tutti.Model;
using Tutti.Model.Manifest;
using Tutti.Server.Events;
using Tutti.Server.Tests.Fakes;

namespace Tutti.Server.Tests.Events;

public sealed class WebhookTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Receiver _receiver = new();
    private readonly FakeControl _control = new();

    private string Position => Path.Combine(_folder.Path, "position");

    public void Dispose()
    {
        _receiver.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Alerts_of_a_service_reach_its_webhook_and_nothing_else_does()
    {
        Prepare();
        await RunAsync(async () =>
        {
            _control.Put(Shop.Line(1), Shop.Line(2, "web", EventKind.Alert), Shop.Line(3, "cart", EventKind.Alert));
            await Eventually.TrueAsync(() => _receiver.Received.Count == 1, "the alert is posted");
            await Eventually.TrueAsync(() => File.ReadAllText(Position) == "3", "the position is kept");
        });
        Assert.Equal(("line 3", "3"), (_receiver.Received.Single().Event.Cause, _receiver.Received.Single().Header));
    }

    [Fact]
    public async Task A_failing_receiver_is_tried_again_a_bounded_number_of_times()
    {
        Prepare();
        _receiver.Fail = 2;
        await RunAsync(async () =>
        {
            _control.Put(Shop.Line(1, "cart", EventKind.Alert));
            await Eventually.TrueAsync(() => File.ReadAllText(Position) == "1", "the alert is delivered");
            Assert.Equal(3, _receiver.Received.Count);
            _receiver.Fail = int.MaxValue;
            _control.Put(Shop.Line(2, "cart", EventKind.Alert));
            await Eventually.TrueAsync(() => File.ReadAllText(Position) == "2", "the alert is given up");
            Assert.Equal(3 + 5, _receiver.Received.Count);
        });
    }

    [Fact]
    public async Task After_a_restart_it_goes_on_where_it_was()
    {
        Prepare();
        _control.Put(Shop.Line(1, "cart", EventKind.Alert));
        await RunAsync(() => Task.CompletedTask);
        Assert.Equal("1", File.ReadAllText(Position));
        _control.Put(Shop.Line(2, "cart", EventKind.Alert));
        await RunAsync(() => Eventually.TrueAsync(() => File.ReadAllText(Position) == "2", "the missed alert is delivered"));
        Assert.Equal(2, Assert.Single(_receiver.Received).Event.Sequence);
    }

    private void Prepare()
    {
        var cart = Shop.Spec.Services["cart"] with { Recover = new RecoverSpec { Webhook = _receiver.Url } };
        _control.Put(Shop.Architecture(), Shop.Set(1, Shop.Spec with { Services = Shop.Spec.Services.SetItem("cart", cart) }));
    }

    private async Task RunAsync(Func<Task> during)
    {
        using var webhooks = new AlertWebhooks(_control.View, Position, TimeSpan.FromMilliseconds(1), NullLogger.Instance);
        using var stopping = new CancellationTokenSource();
        var running = webhooks.RunAsync(stopping.Token);
        await Eventually.TrueAsync(() => File.Exists(Position), "it runs");
        await during();
        await stopping.CancelAsync();
        await running.WaitAsync(TestServer.Deadline);
    }

    /// <summary>A web server that remembers what it was sent.</summary>
    private sealed class Receiver : IDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly Task _serving;

        public Receiver()
        {
            // HttpListener does not take port 0: find a free one, and look again where somebody else was quicker.
            while (true)
            {
                using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
                probe.Start();
                Url = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/hook/";
                probe.Stop();
                try
                {
                    _listener.Prefixes.Clear();
                    _listener.Prefixes.Add(Url);
                    _listener.Start();
                    break;
                }
                catch (HttpListenerException)
                {
                    // Taken meanwhile.
                }
            }

            _serving = ServeAsync();
        }

        public string Url { get; }

        public int Fail { get; set; }

        public ConcurrentQueue<(Event Event, string? Header)> Received { get; } = new();

        public void Dispose()
        {
            _listener.Close();
            _serving.Wait(TestServer.Deadline);
        }

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    var context = await _listener.GetContextAsync();
                    Received.Enqueue((JsonSerializer.Deserialize<Event>(context.Request.InputStream, TuttiJson.Options)!, context.Request.Headers["Tutti-Event"]));
                    context.Response.StatusCode = Received.Count <= Fail ? 500 : 204;
                    context.Response.Close();
                }
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                // Closed at the end of the test.
            }
        }
    }
}
