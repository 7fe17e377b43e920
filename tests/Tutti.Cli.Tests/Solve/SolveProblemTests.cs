using System.Text;
using Tutti.Cli.Solve.Reading;

namespace Tutti.Cli.Tests.Solve;

/// <summary>What is wrong with a file is said with its place, all of it at once.</summary>
public sealed class SolveProblemTests
{
    private const string Releases = "releases: {web: {1.0.0: {cart: ^1}}, cart: {1.0.0: {}}}\n";

    [Theory]
    [InlineData("releases: [a]", "1:11: error: releases is a list, but must be a map from services to their versions")]
    [InlineData("releases: web", "1:11: error: releases is 'web', but must be a map from services to their versions")]
    [InlineData("releases:\n  web: 1.0.0", "2:8: error: releases.web is '1.0.0', but must be a map from versions to what each accepts, such as {1.2.0: {cart: \">=2.2 <3\"}}")]
    [InlineData("releases:\n  web: {1.0.0: [cart]}", "2:16: error: releases.web.1.0.0 is a list, but must be a map from services to the ranges of them that are accepted")]
    [InlineData("releases:\n  web: {1.0: {}}", "2:9: error: releases.web.1.0 must be a version such as 1.2.0 (SemVer 2); did you mean '1.0.0'?")]
    [InlineData("releases:\n  web: {v1.2.3: {}}", "2:9: error: releases.web.v1.2.3 must be a version such as 1.2.0 (SemVer 2); did you mean '1.2.3'?")]
    [InlineData("releases:\n  web: {new: {}}", "2:9: error: releases.web.new must be a version such as 1.2.0 (SemVer 2)")]
    [InlineData("releases:\n  web: {1.0.0: {cart: two}}", "2:23: error: releases.web.1.0.0.cart is 'two', but must be a version range such as >=2.2 <3, ^1 or ~1.4")]
    [InlineData("releases:\n  web: {1.0.0: {cart: '=>2'}}", "2:23: error: releases.web.1.0.0.cart is '=>2', but must be a version range such as >=2.2 <3, ^1 or ~1.4; did you mean '>=2'?")]
    [InlineData("releases:\n  web: {1.0.0: {cart: }}", "2:23: error: releases.web.1.0.0.cart is nothing, but must be a version range such as >=2.2 <3, ^1 or ~1.4")]
    [InlineData("releases:\n  web: {1.0.0: {cart: {}}}", "2:23: error: releases.web.1.0.0.cart is a map, but must be a version range such as >=2.2 <3, ^1 or ~1.4")]
    [InlineData("releases:\n  web: {1.0.0: {}, 1.0.0: {}}", "2:20: error: releases.web.1.0.0 stands here a second time (first at line 2); keep one of them")]
    [InlineData("releases:\n  web: {1.0.0+a: {}, 1.0.0+b: {}}", "2:22: error: releases.web.1.0.0+b stands here a second time (first at line 2); keep one of them")]
    [InlineData("releases:\n  web: {}\n  web: {}", "3:3: error: releases.web stands here a second time (first at line 2); keep one of them")]
    [InlineData("releases:\n  web: {1.0.0: {cart: ^1, cart: ^2}}", "2:27: error: releases.web.1.0.0.cart stands here a second time (first at line 2); keep one of them")]
    [InlineData("releases:\n  ' ': {}", "2:3: error: ' ' stands for the name of a service, but must be text of one line with at most 253 characters, not blank")]
    [InlineData("releases: {}\nreleases: {}", "2:1: error: 'releases' stands here a second time (first at line 1); keep one of them")]
    [InlineData("current: {}", "1:1: error: the file needs the section 'releases': a map from services to their versions, and each version to what it accepts")]
    [InlineData("releases: {}\nreqest: {}", "2:1: error: there is no section 'reqest', only releases, current, request, hold, pin, criticality, pets, irreversible; did you mean 'request'?")]
    [InlineData("releases: {}\nservers: [[{a: b}]]", "2:1: error: there is no section 'servers', only releases, current, request, hold, pin, criticality, pets, irreversible")]
    [InlineData("[a, b]", "1:1: error: the file is a list, but must be a map of releases, current, request, hold, pin, criticality, pets, irreversible")]
    [InlineData("", "1:1: error: the file is empty; begin with 'releases:' and see 'tutti solve --help'")]
    [InlineData("# only a comment\n", "error: the file is empty; begin with 'releases:' and see 'tutti solve --help'")]
    public void The_shape(string text, string expected) => Assert.EndsWith(expected, Assert.Single(Questions.Problems(text)), StringComparison.Ordinal);

    [Theory]
    [InlineData("current: {web: 1}", "2:16: error: current.web is '1', but must be a version such as 1.2.0 (SemVer 2); did you mean '1.0.0'?")]
    [InlineData("current: {web: [1.0.0, 1.0.0]}", "2:24: error: current.web 1.0.0 stands here a second time (first at line 2); keep one of them")]
    [InlineData("current: {web: []}", "2:16: error: current.web is an empty list, but must be a version such as 1.2.0 (SemVer 2), or a list of them; leave web out where there is none")]
    [InlineData("current: {web: {}}", "2:16: error: current.web is a map, but must be a version such as 1.2.0 (SemVer 2), or a list of them")]
    [InlineData("current: {web: }", "2:16: error: current.web is nothing, but must be a version such as 1.2.0 (SemVer 2), or a list of them; leave web out where there is none")]
    [InlineData("current: [web]", "2:10: error: current is a list, but must be a map from services to the version (or versions) that they run")]
    [InlineData("request: all", "2:10: error: request is 'all', but must be a map from services to ranges, or the word newest for everything")]
    [InlineData("request: {web: latest}", "2:16: error: request.web is 'latest', but must be a version range such as ^1.2, or newest")]
    [InlineData("request: {web: }", "2:16: error: request.web is nothing, but must be a version range such as ^1.2, or newest")]
    [InlineData("request: {wbe: newest}", "2:11: error: request names wbe, of which 'releases' has nothing; did you mean 'web'?")]
    [InlineData("current: {search: 1.0.0}", "2:11: error: current names search, of which 'releases' has nothing")]
    [InlineData("pin: {web: ^x.y.z.1}", "2:12: error: pin.web is '^x.y.z.1', but must be a version range such as >=2.2 <3, ^1 or ~1.4")]
    [InlineData("pin: {carts: ^1}", "2:7: error: pin names carts, of which 'releases' has nothing; did you mean 'cart'?")]
    [InlineData("hold: {web: true}", "2:7: error: hold is a map, but must be the name of a service, or a list of names")]
    [InlineData("hold: [[web]]", "2:8: error: hold is a list, but must be the name of a service, or a list of names")]
    [InlineData("pets: [web, web]", "2:13: error: web in pets stands here a second time (first at line 2); keep one of them")]
    [InlineData("pets: [dB]", "2:8: error: pets names dB, of which 'releases' has nothing")]
    [InlineData("criticality: {web: criticl}", "2:20: error: criticality.web is 'criticl', but must be one of critical-plus, critical, sheddable-plus, sheddable; did you mean 'critical'?")]
    [InlineData("criticality: {weg: critical}", "2:15: error: criticality names weg, of which 'releases' has nothing; did you mean 'web'?")]
    [InlineData("irreversible: {cart: 2.0.0}", "2:22: error: irreversible.cart names 2.0.0, which is neither among the releases of cart nor current")]
    [InlineData("request: {web: 1, web: 2}", "2:19: error: request.web stands here a second time (first at line 2); keep one of them")]
    public void The_sections(string text, string expected) =>
        Assert.Equal($"q.yaml:{expected}", Assert.Single(Questions.Problems(Releases + text)));

    [Theory]
    [InlineData("releases: &a {}", "1:11: error: '&a' is an anchor, which is not read here; remove it")]
    [InlineData("releases: !!map {}", "1:11: error: 'tag:yaml.org,2002:map' is a tag, which is not read here; remove it: every value is text as it is written")]
    [InlineData("releases: {}\n---\nreleases: {}", "2:1: error: a second document begins here; ask one question a file")]
    [InlineData("releases: {a: {<<: {}}}", "1:16: error: '<<' merges another map into this one, which is not read here; write its entries out")]
    [InlineData("releases: {? [a] : {}}", "1:14: error: a map or list stands here as a key, but a key is text; write a name before the colon")]
    [InlineData("releases:\n  a:\n    1.0.0: {b: *c}", "3:16: error: '*c' is an alias, which is not read here; write the value out (a range that begins with '*' needs quotes)")]
    public void What_yaml_has_and_this_has_not(string text, string expected) => Assert.Equal($"q.yaml:{expected}", Assert.Single(Questions.Problems(text)));

    [Theory]
    [InlineData("releases:\n  a:\n    1.0.0:\n      b: >=2.2 <3\n", "a range or name that begins with '>' needs quotes")]
    [InlineData("releases:\n  a:\n    1.0.0:\n      b: *\n", "a range or name that begins with '*' needs quotes")]
    [InlineData("releases: {a: {1.0.0: {b: *}}}", "a range or name that begins with '*' needs quotes")]
    public void A_range_without_its_quotes(string text, string expected)
    {
        var problem = Assert.Single(Questions.Problems(text));
        Assert.Contains("error: this is not well-formed YAML from here on: ", problem, StringComparison.Ordinal);
        Assert.EndsWith(expected, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_is_said_at_once_and_in_order() => Assert.Equal(
        [
            "q.yaml:2:9: error: releases.web.one must be a version such as 1.2.0 (SemVer 2)",
            "q.yaml:3:24: error: releases.cart.1.0.0.web is 'no', but must be a version range such as >=2.2 <3, ^1 or ~1.4",
            "q.yaml:4:1: error: there is no section 'holds', only releases, current, request, hold, pin, criticality, pets, irreversible; did you mean 'hold'?",
            "q.yaml:5:11: error: request names crat, of which 'releases' has nothing; did you mean 'cart'?",
        ],
        Questions.Problems("releases:\n  web: {one: {}}\n  cart: {1.0.0: { web: no}}\nholds: [web]\nrequest: {crat: newest}"));

    [Fact]
    public void Endless_problems_are_cut_off()
    {
        var problems = Questions.Problems("releases: {a: {" + string.Join(", ", Enumerable.Range(0, 250).Select(i => $"x{i}: {{}}")) + "}}");
        Assert.Equal(101, problems.Length);
        Assert.Equal("q.yaml: error: 150 more problems are not shown; mend these first", problems[^1]);
    }

    [Theory]
    [InlineData("q.json", "q.json:2:28: error: this is not well-formed JSON from here on: '\"' is invalid after a value. Expected either ',', '}', or ']'")]
    [InlineData("-", "-:2:28: error: this is not well-formed JSON from here on: '\"' is invalid after a value. Expected either ',', '}', or ']'")]
    public void Broken_json_is_told_as_json(string name, string expected) =>
        Assert.Equal(expected, Assert.Single(Questions.Problems("{\n \"releases\": {\"ä\": {}}     \"current\": {}\n}", name)));

    [Fact]
    public void Broken_flow_yaml_is_told_as_yaml()
    {
        Assert.Contains("not well-formed YAML", Assert.Single(Questions.Problems("{releases: {a: {}}", "q.yaml")), StringComparison.Ordinal);
        Assert.Contains("not well-formed YAML", Assert.Single(Questions.Problems("{releases: {a: {}}", "-")), StringComparison.Ordinal);
    }

    [Fact]
    public void Problems_of_json_have_line_and_column() => Assert.Equal(
        [
            "q.json:2:23: error: releases.ä.1.0 must be a version such as 1.2.0 (SemVer 2); did you mean '1.0.0'?",
            "q.json:3:12: error: request names b, of which 'releases' has nothing; did you mean 'ä'?",
        ],
        Questions.Problems("{\n \"releases\":   {\"ä\": {\"1.0\": {}}},\n\"request\":{\"b\":\"newest\"}}", "q.json"));

    [Theory]
    [InlineData("{\"releases\": {\"\\ud800\": {}}}", "q.json:1:15: error: the text that begins here has an escape that is no character; write the character itself")]
    [InlineData("{\"releases\": {}} x", "q.json:1:18: error: this is not well-formed JSON from here on: 'x' is invalid after a single JSON value. Expected end of data")]
    public void Other_faults_of_json(string text, string expected) => Assert.Equal(expected, Assert.Single(Questions.Problems(text, "q.json")));

    [Fact]
    public void Bytes_that_are_no_text()
    {
        var file = SolveFileReader.Read(new byte[] { (byte)'a', (byte)'\n', (byte)'b', 0xC3, 0x28 }, "q.yaml");
        Assert.Equal("q.yaml:2:2: error: the file is not UTF-8 here; save it as UTF-8", Assert.Single(file.Problems).ToString());
        file = SolveFileReader.Read(Encoding.UTF8.GetBytes("releases: {}\nä: \0"), "q.yaml");
        Assert.Equal("q.yaml:2:4: error: the control character U+0000 stands here; remove it", Assert.Single(file.Problems).ToString());
    }

    [Theory]
    [InlineData("q.json")]
    [InlineData("q.yaml")]
    public void Endless_nesting_is_refused_at_once(string name)
    {
        var problem = Assert.Single(Questions.Problems("{\"x\": " + new string('[', 1_000_000), name).TakeLast(1));
        Assert.Contains(name == "q.json" ? "depth" : "nested deeper than 16", problem, StringComparison.Ordinal);
    }
}
