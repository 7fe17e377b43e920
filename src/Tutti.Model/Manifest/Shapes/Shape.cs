using System.Collections.Immutable;

namespace Tutti.Model.Manifest.Shapes;

/// <summary>What a value of the manifest looks like. The one description that the reader checks by and the schema is written from.</summary>
internal abstract record Shape;

/// <summary>Text of a certain form.</summary>
internal sealed record TextShape(TextForm Form) : Shape;

/// <summary>One of a few words.</summary>
internal sealed record ChoiceShape(params ImmutableArray<string> Words) : Shape;

/// <summary>A whole number between two bounds.</summary>
internal sealed record NumberShape(int Least, int Most) : Shape;

/// <summary>True or false.</summary>
internal sealed record FlagShape : Shape;

/// <summary>A list of at least so many values.</summary>
internal sealed record ListShape(Shape Item, int AtLeast = 0) : Shape;

/// <summary>A map from names that a person chooses.</summary>
internal sealed record MapShape(TextForm Key, Shape Value) : Shape;

/// <summary>A map of fixed keys.</summary>
/// <param name="Name">What the schema calls it.</param>
/// <param name="Keys">Its keys, in the order in which they are documented and written.</param>
internal sealed record SectionShape(string Name, params ImmutableArray<Key> Keys) : Shape
{
    public Key? Find(string name) => Keys.FirstOrDefault(k => k.Name == name);
}

/// <summary>A short form (one value) or a long one (a map).</summary>
internal sealed record EitherShape(Shape Short, SectionShape Long) : Shape;

/// <summary>One key of a section.</summary>
/// <param name="Name">Its spelling.</param>
/// <param name="Shape">What its value looks like.</param>
/// <param name="Description">What it says, in one clause.</param>
/// <param name="Default">Its value where it is not written, as the manifest spells it; null: none.</param>
/// <param name="Required">Whether it must be written.</param>
internal sealed record Key(string Name, Shape Shape, string Description, string? Default = null, bool Required = false);

/// <summary>A form of text.</summary>
/// <param name="Rule">The rule that a value of another form breaks.</param>
/// <param name="Expected">What is expected, with an example.</param>
/// <param name="Pattern">A regular expression of the form for editors; null where none tells it.</param>
/// <param name="Fault">Null where the text has the form; otherwise why not, or an empty text where that is plain.</param>
internal sealed record TextForm(string Rule, string Expected, string? Pattern, Func<string, string?> Fault)
{
    /// <summary>What a misspelled value most likely means; null: nothing comes to mind.</summary>
    public Func<string, string?> Suggest { get; init; } = _ => null;

    /// <summary>Whether a value without quotes may look like a number.</summary>
    public bool MayBeNumber { get; init; }
}
