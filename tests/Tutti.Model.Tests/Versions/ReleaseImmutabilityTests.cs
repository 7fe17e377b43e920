using Tutti.Model.Manifest;
using Tutti.Model.Versions;

namespace Tutti.Model.Tests.Versions;

/// <summary>Rule 6: under one version, run, ports and dependsOn never change.</summary>
public sealed class ReleaseImmutabilityTests
{
    private const string _text = """
        run: { command: [dotnet, "Shop App.dll", web], artifact: artifacts/shop, digest: "sha256:DIGEST", user: shop }
        ports: { http: {}, admin: { protocol: tcp, number: 9000 } }
        dependsOn: { b: { accepts: ">=2.2 <3" } }
        """;

    private static readonly ServiceSpec _recorded = Read(_text);

    [Theory]
    [InlineData("[dotnet, \"Shop App.dll\", web]", "[dotnet, other]", "run.command: [dotnet, \"Shop App.dll\", web] -> [dotnet, other]")]
    [InlineData("DIGEST", "DIFFERENT", "run.digest: sha256:aaaa -> sha256:bbbb")]
    [InlineData(", user: shop", "", "run.user: shop -> -")]
    [InlineData("command: [dotnet, \"Shop App.dll\", web]", "image: shop", "run.command: [dotnet, \"Shop App.dll\", web] -> -; run.image: - -> shop")]
    [InlineData("number: 9000", "number: 9001", "ports.admin.number: 9000 -> 9001")]
    [InlineData("http: {}, ", "", "ports.http.protocol: http -> -")]
    [InlineData("http: {}", "http: { protocol: tcp }", "ports.http.protocol: http -> tcp")]
    [InlineData(">=2.2 <3", "^2", "dependsOn.b.accepts: >=2.2 <3 -> ^2")]
    [InlineData("accepts:", "optional: true, accepts:", "dependsOn.b.optional: false -> true")]
    [InlineData("{ b: { accepts: \">=2.2 <3\" } }", "{}", "dependsOn.b.accepts: >=2.2 <3 -> -; dependsOn.b.optional: false -> -")]
    [InlineData("artifacts/shop", "elsewhere", "")]
    [InlineData(", digest: \"sha256:DIGEST\"", "", "")]
    [InlineData("user: shop", "user: shop, build: [make]", "")]
    [InlineData("run:", "env: { A: b }\ninstances: 3\nowner: me\nrun:", "")]
    public void Shows_every_difference_of_a_release(string before, string after, string differences)
    {
        var asked = Read(_text.Replace(before, after));

        var found = ReleaseImmutability.Differences(_recorded, asked).Select(d => $"{d.Path}: {Short(d.Before)} -> {Short(d.After)}");

        Assert.Equal(differences, string.Join("; ", found));
    }

    private static string Short(string? value) => value is null ? "-" : value.StartsWith("sha256:", StringComparison.Ordinal) ? value[..11] : value;

    private static ServiceSpec Read(string lines)
    {
        var text = lines.Replace("DIGEST", new string('a', 64)).Replace("DIFFERENT", new string('b', 64));
        var service = string.Join('\n', ("version: 1.0.0\n" + text).Split('\n').Select(l => "    " + l));
        return Manifest.Reading.Spec($"apiVersion: tutti/v1\narchitecture: shop\nservices:\n  b: {{ version: 2.5.0, run: {{ image: b }}, ports: {{ http: {{}} }} }}\n  a:\n{service}").Services["a"];
    }
}
