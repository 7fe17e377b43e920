using System.Globalization;
using System.Text.Json;
using Tutti.Model;

namespace Tutti.Control.State;

/// <summary>Kinds of documents, their keys, and their JSON.</summary>
public static class DocumentKinds
{
    /// <summary>Key: name.</summary>
    public const string Architecture = "architecture";

    /// <summary>Key: <c>architecture/0000000001</c>.</summary>
    public const string Set = "set";

    /// <summary>Key: <c>architecture/service/version</c>.</summary>
    public const string Release = "release";

    /// <summary>Key: <c>architecture/service</c>.</summary>
    public const string Service = "service";

    /// <summary>Key: <c>architecture/id</c>.</summary>
    public const string Instance = "instance";

    /// <summary>Key: name.</summary>
    public const string Node = "node";

    /// <summary>Key: id.</summary>
    public const string Operation = "operation";

    /// <summary>Key: sequence in 19 digits.</summary>
    public const string Event = "event";

    /// <summary>Key: <c>architecture/id</c> of a pet; what of it outlives its instance.</summary>
    public const string Home = "home";

    /// <summary>Key: <c>architecture/0000000001</c>, after the set it goes to.</summary>
    public const string Transition = "transition";

    /// <summary>Key: <c>cluster</c>; the cluster's id.</summary>
    public const string Meta = "meta";

    /// <summary>Key of a version set.</summary>
    public static DocumentKey SetKey(string architecture, int number) => new(Set, string.Create(CultureInfo.InvariantCulture, $"{architecture}/{number:D10}"));

    /// <summary>Key of a transition.</summary>
    public static DocumentKey TransitionKey(string architecture, int toSet) => SetKey(architecture, toSet) with { Kind = Transition };

    /// <summary>Key of an event.</summary>
    public static DocumentKey EventKey(long sequence) => new(Event, sequence.ToString("D19", CultureInfo.InvariantCulture));

    /// <summary>Number of an operation's id <c>op-17</c>; 0 where it is none.</summary>
    public static int OperationNumber(string id) =>
        id.StartsWith("op-", StringComparison.Ordinal) && int.TryParse(id.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>Key of any document.</summary>
    public static DocumentKey KeyOf(object document) => document switch
    {
        State.Architecture a => new(Architecture, a.Name),
        VersionSet s => SetKey(s.Architecture, s.Number),
        State.Release r => new(Release, $"{r.Architecture}/{r.Service}/{r.Version}"),
        State.Service s => new(Service, s.Key.ToString()),
        State.Instance i => new(Instance, i.Key),
        State.Node n => new(Node, n.Name),
        PetHome h => new(Home, $"{h.Architecture}/{h.Instance}"),
        State.Operation o => new(Operation, o.Id),
        State.Transition t => TransitionKey(t.Architecture, t.ToSet),
        State.Event e => EventKey(e.Sequence),
        _ => throw new InvalidOperationException($"{document.GetType()} is not a document"),
    };

    /// <summary>Writes a document.</summary>
    public static byte[] Write(object document) => JsonSerializer.SerializeToUtf8Bytes(document, document.GetType(), TuttiJson.Options);

    /// <summary>Reads a document; null for a kind that is not part of the cluster's state.</summary>
    /// <exception cref="JsonException">The text is not such a document.</exception>
    public static object? Read(string kind, ReadOnlySpan<byte> json) => kind switch
    {
        Architecture => JsonSerializer.Deserialize<Architecture>(json, TuttiJson.Options),
        Set => JsonSerializer.Deserialize<VersionSet>(json, TuttiJson.Options),
        Release => JsonSerializer.Deserialize<Release>(json, TuttiJson.Options),
        Service => JsonSerializer.Deserialize<Service>(json, TuttiJson.Options),
        Instance => JsonSerializer.Deserialize<Instance>(json, TuttiJson.Options),
        Node => JsonSerializer.Deserialize<Node>(json, TuttiJson.Options),
        Home => JsonSerializer.Deserialize<PetHome>(json, TuttiJson.Options),
        Operation => JsonSerializer.Deserialize<Operation>(json, TuttiJson.Options),
        Transition => JsonSerializer.Deserialize<Transition>(json, TuttiJson.Options),
        Event => JsonSerializer.Deserialize<Event>(json, TuttiJson.Options),
        _ => null,
    };
}
