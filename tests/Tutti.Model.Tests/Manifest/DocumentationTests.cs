using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;
using Tutti.Model.Manifest.Shapes;

namespace Tutti.Model.Tests.Manifest;

public sealed class DocumentationTests
{
    [Fact]
    public void The_example_is_read_without_a_problem()
    {
        var reading = ManifestReader.Read(Examples.Documented(), "docs/manifest.md", path => path == "workflows/checkout.yaml");

        Assert.Empty(reading.Problems);
        var spec = reading.Spec!;
        Assert.Equal(["cart", "catalog", "db", "tax", "web"], spec.Services.Keys);
        Assert.Equal((2, 6), (spec.Services["web"].Instances.Min, spec.Services["web"].Instances.Max));
        Assert.Equal(">=2.2 <3", spec.Services["web"].DependsOn["cart"].Accepts.ToString());
        Assert.Equal(TimeSpan.FromSeconds(2), spec.Services["cart"].Update.MinHealthyTime);
        Assert.Equal((ServiceKind.Pet, 10L << 30), (spec.Services["db"].Kind, spec.Services["db"].Volumes["data"].Size.Bytes));
        Assert.Equal("https://tax.example", spec.Services["tax"].External!.Url);
        Assert.Equal(("Europe/Berlin", 1), (spec.Jobs["settle"].Schedule!.Timezone, spec.Jobs["settle"].Schedule!.CatchUp));
    }

    [Fact]
    public void Every_key_has_its_row_as_the_reader_knows_it()
    {
        var rows = new List<string>();
        Collect(ManifestShapes.Manifest, "", rows);

        var missing = rows.Where(row => !Examples.Page().Contains(row)).ToList();

        Assert.True(missing.Count == 0, "docs/manifest.md lacks these rows:\n" + string.Join('\n', missing));
        Assert.Equal(rows.Count, Examples.Page().Split('\n').Count(line => line.StartsWith("| `", StringComparison.Ordinal) && line.Count(c => c == '|') == 5));
    }

    private static void Collect(Shape shape, string path, List<string> rows)
    {
        switch (shape)
        {
            case EitherShape either:
                Collect(either.Long, path, rows);
                break;
            case ListShape list:
                Collect(list.Item, path + "[]", rows);
                break;
            case MapShape map:
                Collect(map.Value, path.Length == 0 ? "NAME" : path + ".NAME", rows);
                break;
            case SectionShape section when section != ServiceShapes.Defaults:
                foreach (var key in section.Keys)
                {
                    var full = path.Length == 0 ? key.Name : $"{path}.{key.Name}";
                    rows.Add(Row(full, key));
                    Collect(key.Shape, full, rows);
                }

                break;
        }
    }

    private static string Row(string path, Key key) =>
        $"| `{path}` | {Type(key.Shape).Replace("|", "\\|")} | {(key.Required ? "required" : key.Default ?? "")} | {key.Description} |";

    private static string Type(Shape shape) => shape switch
    {
        TextShape text => text.Form.Expected,
        ListShape { Item: SectionShape or MapShape } => "list of maps",
        ListShape list => "list, each " + Type(list.Item),
        MapShape { Value: SectionShape } => "map of maps",
        MapShape map => "map, each " + Type(map.Value),
        SectionShape => "map",
        EitherShape either => Type(either.Short) + ", or a map",
        _ => ShapeChecker.Expected(shape),
    };
}
