using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Tutti.Server.Hosting;
using Tutti.Server.Tests.Fakes;

namespace Tutti.Server.Tests.Hosting;

public sealed class StartTests
{
    [Fact]
    public async Task A_port_in_use_names_its_holder_and_the_way_out()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var endpoint = (IPEndPoint)holder.LocalEndpoint;
        var e = await Assert.ThrowsAsync<ServerStartException>(() => TestServer.StartWithAsync(o => o with { Listen = endpoint }));
        var name = (await File.ReadAllTextAsync("/proc/self/comm")).Trim();
        Assert.Equal(
            $"{endpoint} is in use by another process (pid {Environment.ProcessId} {name}); choose another with --listen http://127.0.0.1:0", e.Message);
    }

    [Fact]
    public async Task An_address_that_is_not_this_machines_is_said()
    {
        var e = await Assert.ThrowsAsync<ServerStartException>(() => TestServer.StartWithAsync(o => o with { Listen = IPEndPoint.Parse("192.0.2.1:7420") }));
        Assert.StartsWith("cannot listen on 192.0.2.1:7420: ", e.Message);
    }

    [Theory]
    [InlineData("http://127.0.0.1:7420", "127.0.0.1:7420")]
    [InlineData("http://localhost:0", "127.0.0.1:0")]
    [InlineData("http://0.0.0.0:80/", "0.0.0.0:80")]
    [InlineData("http://[::1]:7420", "[::1]:7420")]
    public void Addresses_to_listen_on_are_read(string text, string endpoint) => Assert.Equal(endpoint, ListenAddress.OfApi(text).ToString());

    [Theory]
    [InlineData("https://127.0.0.1:7420")]
    [InlineData("127.0.0.1:7420")]
    [InlineData("http://example.org:80")]
    [InlineData("http://127.0.0.1:7420/api")]
    [InlineData("")]
    public void A_bad_address_is_named(string text) =>
        Assert.StartsWith($"'{text}' is not an address to listen on", Assert.Throws<ServerStartException>(() => ListenAddress.OfApi(text)).Message);

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("off")]
    [InlineData("dns.example:53")]
    public void A_bad_address_for_DNS_is_named(string text) =>
        Assert.Contains("--dns off", Assert.Throws<ServerStartException>(() => ListenAddress.OfDns(text)).Message);

    [Fact]
    public void Address_for_DNS_is_read() => Assert.Equal("127.0.0.1:8600", ListenAddress.OfDns("localhost:8600").ToString());

    [Fact]
    public void A_URL_reaches_a_listener_on_every_address() => Assert.Equal("http://127.0.0.1:80", ListenAddress.UrlOf(new IPEndPoint(IPAddress.Any, 80)));

    [Fact]
    public void The_data_folder_is_its_owners_and_keeps_its_token()
    {
        using var parent = new TemporaryFolder();
        var path = Path.Combine(parent.Path, "a", "b");
        string token;
        using (var data = DataFolder.Open(path))
        {
            token = data.Token;
            Assert.Equal(64, token.Length);
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute,
                File.GetUnixFileMode(path));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(path, "blobs")));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(path, "token")));
        }

        File.SetUnixFileMode(Path.Combine(path, "token"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        using var again = DataFolder.Open(path);
        Assert.Equal(token, again.Token);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(path, "token")));
    }

    [Fact]
    public void A_second_server_on_a_data_folder_is_refused_with_the_first_ones_pid()
    {
        using var folder = new TemporaryFolder();
        using var first = DataFolder.Open(folder.Path);
        var e = Assert.Throws<ServerStartException>(() => DataFolder.Open(folder.Path));
        Assert.Equal(
            string.Create(CultureInfo.InvariantCulture, $"data folder {folder.Path} is in use by the server with pid {Environment.ProcessId}; stop that one first, or choose another folder with --data DIR"),
            e.Message);
    }

    [Fact]
    public void A_data_folder_that_is_a_file_is_said()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "file");
        File.WriteAllText(path, "");
        Assert.StartsWith($"data folder {path} cannot be used: ", Assert.Throws<ServerStartException>(() => DataFolder.Open(path)).Message);
    }
}
