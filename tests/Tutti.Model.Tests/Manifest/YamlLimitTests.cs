using System.Text;
using Tutti.Model.Manifest;

namespace Tutti.Model.Tests.Manifest;

/// <summary>Rule 7: what YAML a manifest may use.</summary>
public sealed class YamlLimitTests
{
    [Fact]
    public void Too_large()
    {
        var problem = Reading.Only(Reading.Small + "\n#" + new string('x', 4 << 20));

        Assert.Equal("yaml-size", problem.Rule);
        Assert.Equal("the manifest has 4194405 bytes, but at most 4 MiB (4194304 bytes) are read; split it into several architectures", problem.Message);
    }

    [Fact]
    public void Too_deep()
    {
        var problem = Reading.Only("a: " + new string('[', 100) + new string(']', 100));

        Assert.Equal(("yaml-depth", "maps and lists are nested deeper than 64 here; flatten them", 1, 67), (problem.Rule, problem.Message, problem.Line, problem.Column));
    }

    [Fact]
    public void An_anchor_and_an_alias()
    {
        var reading = ManifestReader.Read(Reading.Service("env:\n  A: &x one\n  B: *x"), "m.yaml");

        Assert.Equal(
            [
                "m.yaml:8:10: error: '&x' is an anchor, but a manifest has none; remove it, and put what is shared under 'defaults'",
                "m.yaml:9:10: error: '*x' is an alias, but a manifest has none; write the value out, or put what is shared under 'defaults'",
                "m.yaml:9:10: error: services.a.env.B is nothing (write \"\" for empty text), but must be text",
            ],
            reading.Problems.Select(p => p.ToString()));
    }

    [Fact]
    public void A_key_twice()
    {
        var problem = Reading.Only(Reading.Service("owner: x\nowner: y"));

        Assert.Equal(("yaml-duplicate-key", "services.a.owner stands here a second time (first at line 7); keep one of them", 8, 5), (problem.Rule, problem.Message, problem.Line, problem.Column));
    }

    [Fact]
    public void A_tag()
    {
        var problem = Reading.Only(Reading.Service("owner: !!str 5"));

        Assert.Equal(("yaml-tag", "'tag:yaml.org,2002:str' is a tag, but a manifest has none; remove it, and quote the value if it is to be text"), (problem.Rule, problem.Message));
    }

    [Fact]
    public void A_second_document()
    {
        var problem = Reading.Only(Reading.Small + "\n---\na: b");

        Assert.Equal(("yaml-documents", "a second document begins here, but a manifest is one document; put it into a file of its own", 7), (problem.Rule, problem.Message, problem.Line));
    }

    [Fact]
    public void Nothing()
    {
        var problem = Reading.Only("# only a comment\n");

        Assert.Equal(("yaml-syntax", "the manifest is empty; begin it with 'apiVersion: tutti/v1'"), (problem.Rule, problem.Message));
    }

    [Fact]
    public void A_key_that_is_a_list()
    {
        var reading = ManifestReader.Read(Reading.Top("? [a]\n: b"), "m.yaml");

        Assert.Contains(reading.Problems, p => p is { Rule: "yaml-key", Message: "a map or list stands here as a key, but a key is text; write a name before the colon" });
    }

    [Fact]
    public void Broken_syntax_has_its_place()
    {
        var problem = Reading.Only("apiVersion: tutti/v1\nservices: [a, b\nx: y");

        Assert.Equal("yaml-syntax", problem.Rule);
        Assert.StartsWith("the manifest is not well-formed YAML from here on: ", problem.Message);
        Assert.True(problem is { Line: >= 2, Column: >= 1 });
    }

    [Fact]
    public void Bytes_that_are_no_utf8()
    {
        var reading = ManifestReader.Read([.. Encoding.UTF8.GetBytes("apiVersion: "), 0xC3, 0x28], "m.yaml");

        var problem = Assert.Single(reading.Problems);
        Assert.Equal(("yaml-encoding", "the manifest is not UTF-8 here; save it as UTF-8", 1, 13), (problem.Rule, problem.Message, problem.Line, problem.Column));
    }

    [Fact]
    public void A_control_character()
    {
        var problem = Reading.Only("apiVersion: tutti/v1\nx: \0");

        Assert.Equal(("yaml-encoding", "the control character U+0000 stands here; remove it, or write it as an escape in double quotes", 2, 4), (problem.Rule, problem.Message, problem.Line, problem.Column));
    }

    [Fact]
    public void A_byte_order_mark_and_JSON_are_read()
    {
        Reading.Spec("\uFEFF" + Reading.Small);
        Reading.Spec("""{ "apiVersion": "tutti/v1", "architecture": "shop", "services": { "a": { "version": "1.0.0", "run": { "command": ["a"] } } } }""");
    }

    [Fact]
    public void Endless_problems_are_cut_off()
    {
        var reading = ManifestReader.Read(Reading.Top(string.Join('\n', Enumerable.Range(0, 1500).Select(i => $"key{i}x{i}: 1"))), "m.yaml");

        Assert.Equal(1001, reading.Problems.Length);
        Assert.Equal("500 more problems are not shown; mend these first", reading.Problems[^1].Message);
    }
}
