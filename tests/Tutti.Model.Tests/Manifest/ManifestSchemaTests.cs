using System.Globalization;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Xunit;
using Tutti.Model.Manifest;
using Tutti.Model.Manifest.Shapes;
using Tutti.Model.Manifest.Yaml;
using Tutti.Model.Problems;

namespace Tutti.Model.Tests.Manifest;

public sealed class ManifestSchemaTests
{
    private static readonly JsonObject _schema = JsonNode.Parse(ManifestSchema.Json())!.AsObject();

    // Rules about one value; the others are about how values fit together, which a schema can't say.
    private static readonly HashSet<string> _told =
        ["unknown-key", "wrong-type", "unknown-value", "bad-number", "bad-name", "bad-duration", "bad-size", "bad-cpu", "bad-percentage", "bad-digest", "bad-path", "api-version", "bad-version", "bad-host"];

    [Fact]
    public void It_says_which_draft_and_is_the_same_every_time()
    {
        Assert.Equal("https://json-schema.org/draft/2020-12/schema", _schema["$schema"]!.GetValue<string>());
        Assert.Equal(ManifestSchema.Json(), ManifestSchema.Json());
    }

    [Fact]
    public void It_accepts_the_documented_example() => Assert.Null(new SchemaCheck(_schema).Refused(Json(Examples.Documented())));

    [Property(MaxTest = 100)]
    public void It_accepts_what_is_written(DoNotSize<int> any) =>
        Assert.Null(new SchemaCheck(_schema).Refused(Json(ManifestWriter.Write(new SpecSource(any.Item).Architecture()))));

    [Theory]
    [InlineData("ownr: x")]
    [InlineData("stop: { wait: 1s }")]
    [InlineData("owner: [a]")]
    [InlineData("owner:")]
    [InlineData("reversible: \"true\"")]
    [InlineData("placement: ssd")]
    [InlineData("publishes: orders")]
    [InlineData("criticality: crtical")]
    [InlineData("instances: many")]
    [InlineData("instances: 1000001")]
    [InlineData("instances: { min: -1 }")]
    [InlineData("ports: { HTTP_Port: {} }")]
    [InlineData("ports: { http: { number: 0 } }")]
    [InlineData("env: { 1A: x }")]
    [InlineData("env: { A: [x] }")]
    [InlineData("stop: { grace: 10 }")]
    [InlineData("resources: { memory: 128MB }")]
    [InlineData("resources: { cpu: half }")]
    [InlineData("resources: { limits: { cpus: 1 } }")]
    [InlineData("update: { canary: { steps: [10] } }")]
    [InlineData("update: { canary: { steps: [] } }")]
    [InlineData("update: { strategy: { canery: {} } }")]
    [InlineData("update: { strategy: rollin }")]
    [InlineData("health: { exec: [] }")]
    [InlineData("health: { http: healthz }")]
    [InlineData("recover: { backoff: 1s }")]
    [InlineData("recover: { webhook: example.org }")]
    [InlineData("scale: { on: moon, target: 70% }")]
    [InlineData("scale: { on: cpu, target: lots }")]
    [InlineData("dependsOn: { b: { accepts: \"latest!\" } }")]
    [InlineData("volumes: { data: { size: big } }")]
    public void It_refuses_what_the_reader_refuses(string line)
    {
        var yaml = Reading.Service(line);

        Assert.Contains(ManifestReader.Read(yaml, "m.yaml").Problems, p => p.Severity == Severity.Error && p.Path is not null);
        Assert.StartsWith("$.services.a.", new SchemaCheck(_schema).Refused(Json(yaml)));
    }

    [Property(MaxTest = 300)]
    public void Reader_and_schema_agree_on_every_value_replaced(DoNotSize<int> any)
    {
        var random = new Random(any.Item);
        var json = Json(ManifestWriter.Write(new SpecSource(any.Item).Architecture()))!;
        var places = Places(json).ToList();
        var (parent, key) = places[random.Next(places.Count)];
        JsonNode? value = random.Next(7) switch
        {
            0 => "x y!",
            1 => -7m,
            2 => new JsonArray("A_b"),
            3 => new JsonObject { ["zzz"] = 1 },
            4 => true,
            5 => "",
            _ => -5.5m,
        };
        Replace(parent, key, value);

        var problems = ManifestReader.Read(json.ToJsonString(), "m.yaml", _ => true).Problems;
        var refused = new SchemaCheck(_schema).Refused(json);

        // One way: whatever the reader accepts, the schema accepts (but for an unquoted true as a name). The other way: whatever the schema can tell, it tells.
        var isFlag = value?.GetValueKind() == System.Text.Json.JsonValueKind.True;
        Assert.False(refused is not null && !isFlag && problems.All(p => p.Severity == Severity.Warning), $"only the schema refuses {refused}: {value?.ToJsonString()}");
        Assert.False(refused is null && problems.Any(p => _told.Contains(p.Rule)), $"only the reader refuses: {problems.FirstOrDefault()}");
    }

    [Fact]
    public void Patterns_accept_what_the_forms_accept()
    {
        (TextForm Form, string[] Texts)[] examples =
        [
            (TextForms.Label, ["a", "1", "a-b", "-a", "a-", "A", "a_b", "", new string('a', 63), new string('a', 64)]),
            (TextForms.EnvName, ["A", "_a", "a.b-c", "1a", "", "ä"]),
            (TextForms.Duration, ["1s", "500ms", "5", "s", "1.5s", "1 s", "1d", ""]),
            (TextForms.Size, ["1Ki", "1.5Gi", "100", "1MB", "Mi", "", "-1"]),
            (TextForms.Cpu, ["250m", "0.25", "2", "m", "", "1.5m", "-1"]),
            (TextForms.Percent, ["1%", "100%", "0%", "101%", "10", "%", ""]),
            (TextForms.Digest, ["sha256:" + new string('a', 64), "sha256:" + new string('A', 64), "sha256:a", ""]),
            (TextForms.Version, ["1.2.3", "1.2", "1.2.3-rc.1", "1.2.3+b", "01.2.3", "v1.2.3", ""]),
            (TextForms.Backoff, ["1s..1m", "1s", "..", "1s..", ""]),
            (TextForms.HttpPath, ["/", "/a?b", "a", "/a b", ""]),
            (TextForms.Host, ["a.b", "*.a.b", "a", "a.*", "http://a", "A", ""]),
            (TextForms.NodeLabel, ["zone", "a/b", "a b", "", "-a"]),
            (TextForms.Target, ["70%", "100", "1.5", "200ms", "x", ""]),
            (TextForms.Timezone, ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "", "a b"]),
            (TextForms.Cron, ["* * * * *", "0 2 * * mon-fri", "* * *", ""]),
            (TextForms.ServiceUrl, ["http://a", "tcp://a:1", "ftp://a", "a", ""]),
        ];
        foreach (var (form, texts) in examples)
        {
            Assert.All(texts, t => Assert.True((form.Fault(t) is null) == System.Text.RegularExpressions.Regex.IsMatch(t, form.Pattern!), $"{form.Expected}: '{t}'"));
        }
    }

    // The document as an editor's YAML reads it: plain scalars by YAML 1.2's core schema.
    private static JsonNode? Json(string yaml) => Json(YamlTreeReader.Read(yaml, new ProblemList("m.yaml"))!);

    private static JsonNode? Json(YamlNode node) => node switch
    {
        YamlMap map => new JsonObject(map.Entries.Select(e => KeyValuePair.Create(e.Key, Json(e.Value)))),
        YamlList list => new JsonArray([.. list.Items.Select(Json)]),
        YamlScalar { IsNothing: true } => null,
        YamlScalar { Plain: true, Value: "true" or "false" } flag => flag.Value == "true",
        YamlScalar { Plain: true } number when decimal.TryParse(number.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) => value,
        YamlScalar text => text.Value,
        _ => throw new InvalidOperationException("a node is a map, a list or a scalar"),
    };

    private static IEnumerable<(JsonNode Parent, object Key)> Places(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                return map.SelectMany(p => Places(p.Value).Prepend((map, p.Key)));
            case JsonArray list:
                return list.SelectMany((v, i) => Places(v).Prepend((list, i)));
            default:
                return [];
        }
    }

    private static void Replace(JsonNode parent, object key, JsonNode? value)
    {
        if (key is string name)
        {
            parent[name] = value;
        }
        else
        {
            parent[(int)key] = value;
        }
    }
}
