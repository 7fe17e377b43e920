using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Tutti.Model.Manifest;
using Tutti.Node.Probes;
using Tutti.Node.Tests.Runtimes;

namespace Tutti.Node.Tests.Probes;

public sealed class ProberTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Prober _prober = new();

    public void Dispose()
    {
        _listener.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("200 OK", true)]
    [InlineData("302 Found", true)]
    [InlineData("399 Odd", true)]
    [InlineData("404 Not Found", false)]
    [InlineData("503 Service Unavailable", false)]
    public async Task Http_judges_the_status(string answer, bool passes)
    {
        var port = Answer($"HTTP/1.1 {answer}\r\nLocation: /elsewhere\r\nContent-Length: 1000000\r\n\r\n");
        var result = await Probe(new HealthSpec { Http = "/healthz", Timeout = TimeSpan.FromSeconds(5) });
        Assert.Equal(passes ? ProbeResult.Pass : ProbeResult.Fail($"GET /healthz on port {port} answered {answer[..3]}"), result);
    }

    [Fact]
    public async Task Http_that_does_not_answer_in_time()
    {
        Answer("");
        Assert.Equal(ProbeResult.Fail("GET /healthz took longer than 100ms"), await Probe(new HealthSpec { Http = "/healthz", Timeout = TimeSpan.FromMilliseconds(100) }));
    }

    [Fact]
    public async Task Http_that_answers_something_else()
    {
        var port = Answer("SSH-2.0-OpenSSH\r\n\r\n");
        var result = await Probe(new HealthSpec { Http = "/healthz", Timeout = TimeSpan.FromSeconds(5) });
        Assert.StartsWith($"GET /healthz on port {port} failed: ", result.Failure);
    }

    [Fact]
    public async Task Nobody_listens()
    {
        using var holder = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        holder.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)holder.LocalEndPoint!).Port; // Bound, so nobody else gets it, but not listened on.
        var refused = ProbeResult.Fail($"connecting to port {port} was refused");
        Assert.Equal(refused, await Probe(new HealthSpec { Http = "/healthz", Timeout = TimeSpan.FromSeconds(5) }, port));
        Assert.Equal(refused, await Probe(new HealthSpec { Tcp = "http", Timeout = TimeSpan.FromSeconds(5) }, port));
        Assert.Equal(refused, await Probe(null, port));
    }

    [Fact]
    public async Task Connecting_is_enough_for_tcp_and_for_no_check_at_all()
    {
        Listen();
        Assert.Equal(ProbeResult.Pass, await Probe(new HealthSpec { Tcp = "http" }));
        Assert.Equal(ProbeResult.Pass, await Probe(null));
        Assert.Equal(ProbeResult.Pass, await _prober.ProbeAsync(Target(null, ImmutableSortedDictionary<string, int>.Empty), CancellationToken.None));
    }

    [Theory]
    [InlineData("200 OK", true)]
    [InlineData("503 Service Unavailable", false)]
    public async Task One_that_passed_is_asked_again_without_leaving_the_thread(string answer, bool passes)
    {
        var port = Answer($"HTTP/1.1 {answer}\r\n\r\n");
        var expected = passes ? ProbeResult.Pass : ProbeResult.Fail($"GET / on port {port} answered {answer[..3]}");
        Assert.Equal(expected, await ProbeAgain(new HealthSpec { Http = "/", Timeout = TimeSpan.FromSeconds(5) }, port));
    }

    [Fact]
    public async Task One_that_passed_and_answers_late_is_asked_once_and_waited_for()
    {
        Listen();
        var served = Task.Run(async () =>
        {
            using var client = await _listener.AcceptTcpClientAsync();
            await client.GetStream().ReadAtLeastAsync(new byte[4096], 10);
            await Task.Delay(TimeSpan.FromMilliseconds(50));
            await client.GetStream().WriteAsync("HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray());
            return !_listener.Pending();
        });
        Assert.Equal(ProbeResult.Pass, await ProbeAgain(new HealthSpec { Http = "/", Timeout = TimeSpan.FromSeconds(5) }, Port));
        Assert.True(await served, "nobody else connected");
    }

    [Fact]
    public async Task One_that_passed_and_then_fails_fails_with_the_same_words()
    {
        var health = new HealthSpec { Http = "/healthz", Timeout = TimeSpan.FromMilliseconds(100) };
        Answer("");
        Assert.Equal(ProbeResult.Fail("GET /healthz took longer than 100ms"), await ProbeAgain(health, Port));
        _listener.Stop();
        using var holder = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        holder.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)holder.LocalEndPoint!).Port;
        Assert.Equal(ProbeResult.Fail($"connecting to port {port} was refused"), await ProbeAgain(health, port));
        Assert.Equal(ProbeResult.Fail($"connecting to port {port} was refused"), await ProbeAgain(new HealthSpec { Tcp = "http", Timeout = TimeSpan.FromSeconds(5) }, port));
    }

    [Fact]
    public async Task One_that_passed_by_tcp_passes_as_long_as_it_accepts()
    {
        Listen();
        Assert.Equal(ProbeResult.Pass, await ProbeAgain(new HealthSpec { Tcp = "http" }, Port));
        Assert.Equal(ProbeResult.Fail("the health check names port 'sql', which this instance does not have"), await ProbeAgain(new HealthSpec { Tcp = "sql" }, Port));
    }

    [Fact]
    public async Task A_port_that_is_not_there_is_named()
    {
        Listen();
        Assert.Equal(ProbeResult.Fail("the health check names port 'sql', which this instance does not have"), await Probe(new HealthSpec { Tcp = "sql" }));
        Assert.Equal(ProbeResult.Fail("the health check names port 'sql', which this instance does not have"), await Probe(new HealthSpec { Http = "/", Port = "sql" }));
    }

    [Fact]
    public async Task Exec_passes_with_exit_code_0_in_its_folder_and_environment()
    {
        _folder.Write("here", "");
        Assert.Equal(ProbeResult.Pass, await Exec("[ -f here ] && [ \"$GREETING\" = hello ]"));
    }

    [Fact]
    public async Task Exec_shows_the_last_line_of_its_errors()
    {
        Assert.Equal(ProbeResult.Fail("exec 'sh -c echo one >&2; echo two >&2; echo out; exit 2' exited with 2: two"), await Exec("echo one >&2; echo two >&2; echo out; exit 2"));
        Assert.Equal(ProbeResult.Fail("exec 'sh -c kill -9 $$' was killed by signal 9"), await Exec("kill -9 $$"));
    }

    [Fact]
    public async Task Exec_that_hangs_is_killed_with_its_children()
    {
        var result = await _prober.ProbeAsync(
            Target(new HealthSpec { Exec = ["sh", "-c", "sleep 1000 & echo $! > child; wait"], Timeout = TimeSpan.FromMilliseconds(500) }, ImmutableSortedDictionary<string, int>.Empty),
            CancellationToken.None);
        Assert.EndsWith("took longer than 500ms", result.Failure);
        var child = int.Parse(File.ReadAllText(_folder["child"]), System.Globalization.CultureInfo.InvariantCulture);
        await Eventually.True(() => !Launching.Lives(child), "the probe's child is killed");
    }

    [Fact]
    public async Task Exec_that_is_missing()
    {
        var result = await _prober.ProbeAsync(Target(new HealthSpec { Exec = ["pg_isready-not-there"] }, ImmutableSortedDictionary<string, int>.Empty), CancellationToken.None);
        Assert.Equal("exec 'pg_isready-not-there' cannot run: 'pg_isready-not-there' was not found on PATH (/usr/bin:/bin)", result.Failure);
    }

    [Fact]
    public async Task Cancelling_is_not_a_failure_of_the_instance()
    {
        Answer("");
        using var cancel = new CancellationTokenSource();
        var probe = _prober.ProbeAsync(Target(new HealthSpec { Http = "/", Timeout = TimeSpan.FromSeconds(30) }, Ports(Port)), cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probe.Soon());
    }

    private int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    private static ImmutableSortedDictionary<string, int> Ports(int port) => ImmutableSortedDictionary<string, int>.Empty.Add("http", port);

    private int Listen()
    {
        _listener.Start();
        return Port;
    }

    private int Answer(string text)
    {
        Listen();
        _ = Task.Run(async () =>
        {
            using var client = await _listener.AcceptTcpClientAsync();
            var stream = client.GetStream();
            await stream.ReadAtLeastAsync(new byte[4096], 10);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(text));
            await stream.CopyToAsync(Stream.Null);
        });
        return Port;
    }

    private Task<ProbeResult> Exec(string script) => Probe(new HealthSpec { Exec = ["sh", "-c", script], Timeout = TimeSpan.FromSeconds(10) }, 1);

    private Task<ProbeResult> Probe(HealthSpec? health, int? port = null) => _prober.ProbeAsync(Target(health, Ports(port ?? Port)), CancellationToken.None).Soon();

    private Task<ProbeResult> ProbeAgain(HealthSpec health, int port) =>
        _prober.ProbeAsync(Target(health, Ports(port)) with { PassedLast = true }, CancellationToken.None).Soon();

    private ProbeTarget Target(HealthSpec? health, ImmutableSortedDictionary<string, int> ports) => new(
        health,
        "127.0.0.1",
        ports,
        ImmutableSortedDictionary<string, string>.Empty.Add("PATH", "/usr/bin:/bin").Add("GREETING", "hello"),
        _folder.Path);
}
