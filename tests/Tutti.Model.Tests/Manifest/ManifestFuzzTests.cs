using System.Text;
using FsCheck;
using FsCheck.Xunit;
using Tutti.Model.Manifest;
using Tutti.Model.Problems;

namespace Tutti.Model.Tests.Manifest;

/// <summary>Whatever the text is, reading answers and never throws.</summary>
public sealed class ManifestFuzzTests
{
    private static readonly string[] _pieces =
    [
        "{", "}", "[", "]", ":", ": ", ",", "- ", "\n", "  ", "&a ", "*a", "!t ", "? ", "| ", "> ", "\"", "'", "#", "---\n", "...\n", "%YAML 1.2\n", "\t", "\\", "\"\\uD800\"", "\"\\U99999999\"", "null", "~",
        "services:", "a", "version", "1.0.0", "${", "}", "${port.", "<<:", "\0", "\uD800", "🎼", "99999999999999999999", "-1", "é",
    ];

    [Property(MaxTest = 1000)]
    public void Random_bytes(byte[] bytes) => AssertAnswers(ManifestReader.Read(bytes, "m.yaml", _ => true));

    [Property(MaxTest = 1000)]
    public void Random_text(string? text) => AssertAnswers(ManifestReader.Read(text ?? "", "m.yaml"));

    [Property(MaxTest = 2000)]
    public void Random_pieces_of_yaml(DoNotSize<int> any)
    {
        var random = new Random(any.Item);
        var text = string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => _pieces[random.Next(_pieces.Length)]));

        AssertAnswers(ManifestReader.Read(text, "m.yaml"));
    }

    [Property(MaxTest = 600)]
    public void Mutated_manifests(DoNotSize<int> any)
    {
        var random = new Random(any.Item);
        var text = new StringBuilder(random.Next(2) == 0 ? Examples.Documented() : ManifestWriter.Write(new SpecSource(any.Item).Architecture()));
        for (var i = random.Next(1, 6); i > 0; i--)
        {
            var at = random.Next(text.Length);
            switch (random.Next(4))
            {
                case 0:
                    text.Remove(at, Math.Min(random.Next(1, 20), text.Length - at - 1));
                    break;
                case 1:
                    text.Insert(at, _pieces[random.Next(_pieces.Length)]);
                    break;
                case 2:
                    text[at] = (char)random.Next(32, 127);
                    break;
                default:
                    text.Insert(at, text.ToString(at, Math.Min(random.Next(60), text.Length - at)));
                    break;
            }
        }

        AssertAnswers(ManifestReader.Read(text.ToString(), "m.yaml", _ => random.Next(2) == 0));
    }

    [Fact]
    public void A_ring_of_five_thousand_services_is_read()
    {
        var lines = Enumerable.Range(0, 5_000).Select(i => $"  s{i}: {{ version: 1.0.0, run: {{ image: x }}, ports: {{ http: {{}} }}, dependsOn: {{ s{(i + 1) % 5_000}: {{}} }} }}");

        var problem = Assert.Single(ManifestReader.Read("apiVersion: tutti/v1\narchitecture: a\nservices:\n" + string.Join('\n', lines), "m.yaml").Problems);

        Assert.Equal("dependency-cycle", problem.Rule);
    }

    private static void AssertAnswers(ManifestReading reading)
    {
        Assert.Equal(reading.Spec is null, reading.Problems.Any(p => p.Severity == Severity.Error));
        Assert.All(reading.Problems, p => Assert.True(p.Line > 0 && p.Column > 0 && p.Message.Length > 10, p.ToString()));
        Assert.Equal(reading.Problems.OrderBy(p => p.Line).ThenBy(p => p.Column), reading.Problems);
        if (reading.Spec is not null)
        {
            ContentHash.Of(reading.Spec);
        }
    }
}
