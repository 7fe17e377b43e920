using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Tutti.Server.Api;
using Tutti.Server.Blobs;
using Tutti.Server.Tests.Fakes;

namespace Tutti.Server.Tests.Blobs;

public sealed class BlobTests
{
    private static readonly byte[] _content = RandomNumberGenerator.GetBytes(300_000);
    private static readonly string _digest = DigestOf(_content);

    [Fact]
    public async Task Keeps_and_gives_back_by_content_hash()
    {
        await using var server = await TestServer.StartAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await server.SendAsync(HttpMethod.Head, $"api/blobs/{_digest}")).StatusCode);
        var put = await server.SendAsync(HttpMethod.Put, $"api/blobs/{_digest}", new ByteArrayContent(_content));
        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        var head = await server.SendAsync(HttpMethod.Head, $"api/blobs/{_digest}");
        Assert.Equal(_content.Length, head.Content.Headers.ContentLength);
        Assert.Equal(_content, await server.Http.GetByteArrayAsync($"api/blobs/{_digest}"));

        var part = new HttpRequestMessage(HttpMethod.Get, $"api/blobs/{_digest}");
        part.Headers.Range = new RangeHeaderValue(10, 19);
        Assert.Equal(_content[10..20], await (await server.Http.SendAsync(part)).Content.ReadAsByteArrayAsync());
        Assert.Equal(HttpStatusCode.Created, (await server.SendAsync(HttpMethod.Put, $"api/blobs/{_digest}", new ByteArrayContent(_content))).StatusCode);
        Assert.Empty(Incoming(server));
    }

    [Fact]
    public async Task Content_with_another_hash_is_refused_and_not_kept()
    {
        await using var server = await TestServer.StartAsync();
        var problem = await server.SendAsync(HttpMethod.Put, $"api/blobs/{_digest}", new ByteArrayContent([1, 2, 3])).ProblemAsync(422, "invalid");
        Assert.Contains(DigestOf([1, 2, 3]), problem.Detail);
        await server.Http.GetAsync($"api/blobs/{_digest}").ProblemAsync(404, "not-found");
        Assert.Empty(Incoming(server));
        Assert.Empty(Directory.GetFiles(Path.Combine(server.Folder, "blobs")));
    }

    [Theory]
    [InlineData("sha256:..%2F..%2Ftoken")]
    [InlineData("..%2Ftoken")]
    [InlineData("sha256:%2e%2e%2f%2e%2e%2ftoken")]
    [InlineData("sha256:0000")]
    [InlineData("sha256:ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789")]
    [InlineData("sha512:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde%00")]
    public async Task A_name_that_is_no_content_hash_reaches_no_file(string name)
    {
        await using var server = await TestServer.StartAsync();
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Put])
        {
            var answer = await server.SendAsync(method, $"api/blobs/{name}", method == HttpMethod.Put ? new ByteArrayContent([1]) : null);
            Assert.Contains((int)answer.StatusCode, (int[])[400, 404]);
            Assert.DoesNotContain(server.Token, await answer.Content.ReadAsStringAsync());
        }

        Assert.Equal(server.Token, File.ReadAllText(Path.Combine(server.Folder, "token")));
    }

    [Fact]
    public async Task A_blob_over_the_bound_is_refused_whether_its_length_is_stated_or_not()
    {
        await using var server = await TestServer.StartWithAsync(o => o with { BlobBound = new BodyBound(1 << 20) });
        var large = new byte[(1 << 20) + 1];
        var problem = await server.SendAsync(HttpMethod.Put, $"api/blobs/{DigestOf(large)}", new ByteArrayContent(large)).ProblemAsync(413, "too-large");
        Assert.Equal($"blob {DigestOf(large)} is over 1MiB", problem.Detail);

        var chunked = new HttpRequestMessage(HttpMethod.Put, $"api/blobs/{DigestOf(large)}") { Content = new ByteArrayContent(large) };
        chunked.Headers.TransferEncodingChunked = true;
        await server.Http.SendAsync(chunked).ProblemAsync(413, "too-large");
        Assert.Empty(Incoming(server));
    }

    [Fact]
    public async Task A_full_disk_is_said_and_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        var blobs = new BlobFolder(folder.Path, _ => new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0));
        await using var server = await TestServer.StartWithAsync(o => o with { Blobs = blobs });
        var problem = await server.SendAsync(HttpMethod.Put, $"api/blobs/{_digest}", new ByteArrayContent(_content)).ProblemAsync(507, "disk-full");
        Assert.Contains("disk is full", problem.Detail);
        await server.Http.GetAsync($"api/blobs/{_digest}").ProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task What_an_interrupted_upload_left_is_removed_at_the_next_start()
    {
        using var folder = new TemporaryFolder();
        _ = new BlobFolder(folder.Path);
        var left = Path.Combine(folder.Path, "incoming", "left");
        await File.WriteAllTextAsync(left, "half");
        _ = new BlobFolder(folder.Path);
        Assert.False(File.Exists(left));
    }

    private static string[] Incoming(TestServer server) => Directory.GetFiles(Path.Combine(server.Folder, "blobs", "incoming"));

    private static string DigestOf(byte[] content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));
}
