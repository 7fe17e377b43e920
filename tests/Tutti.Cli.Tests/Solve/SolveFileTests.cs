using System.Text;
using Tutti.Cli.Solve.Reading;

namespace Tutti.Cli.Tests.Solve;

public sealed class SolveFileTests
{
    private const string Whole = """
        cart: 2.0.0() 2.2.0!()
        db: 1.0.0()
        web: 1.2.0(cart >=2.2 <3) 1.1.0(cart >=2.0 <2.2, db *)
        current: cart 2.2.0; web 1.1.0+1.2.0
        wishes: cart newest; web 1.1.0
        holds: cart
        pins: cart ^2
        criticality: cart Sheddable; web CriticalPlus
        pets: db

        """;

    [Fact]
    public void Block_yaml() => Assert.Equal(Whole, Questions.Spelled("""
        # what may be chosen
        releases:
          web:
            1.2.0: {cart: ">=2.2 <3"}
            1.1.0:
              cart: '>=2.0 <2.2'
              db: "*"
          cart:
            2.0.0: {}
            2.2.0:
          db: {"1.0.0": null}
        current:
          web: [1.2.0, 1.1.0]
          cart: 2.2.0
        request: {web: 1.1.0, cart: newest}
        hold: [cart]
        pin: {cart: ^2}
        criticality: {web: critical-plus, cart: sheddable}
        pets: [db]
        irreversible: {cart: [2.2.0]}
        """));

    [Fact]
    public void Flow_yaml_on_one_line_and_single_values_for_lists() => Assert.Equal(Whole, Questions.Spelled(
        "{releases: {web: {1.2.0: {cart: '>=2.2 <3'}, 1.1.0: {cart: '>=2.0 <2.2', db: '*'}}, cart: {2.0.0: {}, 2.2.0: }, db: {1.0.0: }}, "
        + "current: {web: [1.2.0, 1.1.0], cart: [2.2.0]}, request: {web: 1.1.0, cart: newest}, hold: cart, pin: {cart: ^2}, "
        + "criticality: {web: critical-plus, cart: sheddable}, pets: db, irreversible: {cart: 2.2.0}}"));

    [Theory]
    [InlineData("q.json")]
    [InlineData("q.yaml")]
    [InlineData("standard input")]
    public void Json_whatever_the_name(string name) => Assert.Equal(Whole, Questions.Spelled("""
        {
        	"pets": ["db"], "irreversible": {"cart": ["2.2.0"]},
        	"releases": {"web": {"1.2.0": {"cart": ">=2.2 <3"}, "1.1.0": {"cart": "\u003e=2.0 <2.2", "db": "*"}}, "cart": {"2.0.0": {}, "2.2.0": null}, "db": {"1.0.0": {}}},
        	"current": {"web": ["1.1.0", "1.2.0"], "cart": "2.2.0"}, "request": {"web": "1.1.0", "cart": "newest"}, "hold": "cart",
        	"pin": {"cart": "^2"}, "criticality": {"web": "critical-plus", "cart": "sheddable"}
        }
        """, name));

    [Fact]
    public void Values_are_text_as_written()
    {
        const string spelled = "a: 1.0.0(b 1.10) \nb: 1.10.0()\ncurrent: \nwishes: a 1\nholds: \npins: b 1.10\ncriticality: \npets: \n";
        Assert.Equal(spelled.Replace(" \nb", "\nb"), Questions.Spelled("releases: {a: {1.0.0: {b: 1.10}}, b: {1.10.0: {}}}\nrequest: {a: 1}\npin: {b: 1.10}"));
        Assert.Equal(
            spelled.Replace(" \nb", "\nb"),
            Questions.Spelled("""{"releases": {"a": {"1.0.0": {"b": 1.10}}, "b": {"1.10.0": {}}}, "request": {"a": 1}, "pin": {"b": 1.10}}""", "q.json"));
    }

    [Theory]
    [InlineData("releases: {a: {1.0.0: {}}, b: {1.0.0: {}}}\nrequest: newest", "wishes: a newest; b newest\n")]
    [InlineData("releases: {a: {1.0.0: {}}, b: {1.0.0: {}}}\ncurrent: {b: 1.0.0}\nrequest: newest", "wishes: b newest\n")]
    [InlineData("request: newest\ncurrent: {}\nreleases: {a: {1.0.0: {}}}", "wishes: a newest\n")]
    public void Newest_of_everything_is_of_what_runs_or_else_of_all(string text, string wishes) =>
        Assert.Contains(wishes, Questions.Spelled(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("{\"releases\": {}}")]
    [InlineData("releases: {}\ncurrent:\nrequest: {}\nhold: []\npin: null\ncriticality: ~\npets:\nirreversible: {}")]
    [InlineData("\uFEFFreleases:\n")]
    [InlineData("\uFEFF{\"releases\": null}")]
    [InlineData("%YAML 1.2\n---\nreleases: {}\n...\n")]
    public void Sections_may_be_empty(string text) =>
        Assert.Equal("current: \nwishes: \nholds: \npins: \ncriticality: \npets: \n", Questions.Spelled(text));

    [Theory]
    [InlineData("releases:\r\n  a:\r\n    1.0.0:\r\nrequest: {a: newest}\r\n")]
    [InlineData("{\r\n\"releases\": {\"a\": {\"1.0.0\": {}}},\r\n\"request\": {\"a\": \"newest\"}}\r\n")]
    public void Lines_may_end_as_on_windows(string text) =>
        Assert.StartsWith("a: 1.0.0()\ncurrent: \nwishes: a newest\n", Questions.Spelled(text), StringComparison.Ordinal);

    [Fact]
    public void A_current_version_needs_no_release_and_may_be_irreversible()
    {
        var spelled = Questions.Spelled("releases: {a: {1.0.0: {}, 2.0.0: {}, 3.0.0: {}}}\ncurrent: {a: 1.5.0}\nirreversible: {a: 1.5.0}");
        Assert.StartsWith("a: 2.0.0() 3.0.0()\ncurrent: a 1.5.0\n", spelled, StringComparison.Ordinal);
    }

    [Fact]
    public void A_need_may_name_a_service_that_no_release_has() =>
        Assert.StartsWith("a: 1.0.0(ghost ^1)\n", Questions.Spelled("releases: {a: {1.0.0: {ghost: ^1}}}\nrequest: {a: newest}"), StringComparison.Ordinal);

    [Fact]
    public void Names_that_a_manifest_refuses_are_read() =>
        Assert.StartsWith("Müller & Söhne: 1.0.0()\nnull: 1.0.0()\n", Questions.Spelled("releases: {'Müller & Söhne': {1.0.0: {}}, null: {1.0.0: {}}}"), StringComparison.Ordinal);

    [Fact]
    public void The_same_spelling_is_one_object()
    {
        var question = Questions.Read("releases: {a: {1.0.0: {c: ^1}, 2.0.0: {c: ^1}}, b: {1.0.0: {c: ^1}}, c: {1.0.0: {}}}").Question!;
        var needs = question.Catalogue.Services.Values.SelectMany(releases => releases).SelectMany(release => release.Needs).ToList();
        Assert.Equal(3, needs.Count);
        Assert.All(needs, need => Assert.Same(needs[0].Range, need.Range));
        Assert.All(needs, need => Assert.Same(needs[0].Service, need.Service));
    }

    [Fact]
    public void A_file_of_several_MiB_is_read()
    {
        var json = LargeFile.Json(services: 400, releases: 20, needs: 5);
        var question = SolveFileReader.Read(Encoding.UTF8.GetBytes(json), "q.json").Question!;
        Assert.Equal(400, question.Catalogue.Services.Count);
        Assert.All(question.Catalogue.Services.Values, releases => Assert.Equal(20, releases.Length));
        Assert.All(question.Catalogue.Services.Values, releases => Assert.All(releases, release => Assert.Equal(5, release.Needs.Length)));
    }
}
