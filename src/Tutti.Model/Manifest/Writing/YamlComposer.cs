using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Tutti.Model.Manifest.Writing;

/// <summary>Writes YAML key by key; a section in which nothing is written leaves no trace.</summary>
internal sealed partial class YamlComposer
{
    private readonly StringWriter _text = new() { NewLine = "\n" };
    private readonly Emitter _emitter;
    private readonly List<Open> _pending = [];

    public YamlComposer()
    {
        // No folding: a long command stays on its line, so that exports compare line by line.
        _emitter = new Emitter(_text, new EmitterSettings(bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1024));
        _emitter.Emit(new StreamStart());
        _emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        _emitter.Emit(new MappingStart());
    }

    /// <summary>Closes the document and gives its text.</summary>
    public string Finish()
    {
        _emitter.Emit(new MappingEnd());
        _emitter.Emit(new DocumentEnd(isImplicit: true));
        _emitter.Emit(new StreamEnd());
        return _text.ToString();
    }

    /// <summary>A key and its text, quoted where it might be read as something else; nothing where it is null or the default.</summary>
    public void Text(string key, string? value, string? byDefault = null)
    {
        if (value is not null && value != byDefault)
        {
            Key(key);
            Quotable(value);
        }
    }

    /// <summary>A key and a number or flag; nothing where it is null.</summary>
    public void Plain(string key, string? value)
    {
        if (value is not null)
        {
            Key(key);
            _emitter.Emit(new Scalar(value));
        }
    }

    /// <summary>A key and a list of texts in one line; nothing where it is empty.</summary>
    public void Texts(string key, IReadOnlyCollection<string> values)
    {
        if (values.Count == 0)
        {
            return;
        }

        Key(key);
        _emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, SequenceStyle.Flow));
        foreach (var value in values)
        {
            Quotable(value);
        }

        _emitter.Emit(new SequenceEnd());
    }

    /// <summary>A key and a map; left out where nothing is written in it, unless it is kept.</summary>
    public void Section(string key, Action body, bool flow = false, bool keep = false)
    {
        var open = new Open(key, flow ? MappingStyle.Flow : MappingStyle.Block);
        _pending.Add(open);
        if (keep)
        {
            Flush();
        }

        body();
        if (!_pending.Remove(open))
        {
            _emitter.Emit(new MappingEnd());
        }
    }

    /// <summary>A key and a list of maps, each in one line.</summary>
    public void Maps<T>(string key, IReadOnlyCollection<T> items, Action<T> body)
    {
        if (items.Count == 0)
        {
            return;
        }

        Key(key);
        _emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, SequenceStyle.Block));
        foreach (var item in items)
        {
            _emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, MappingStyle.Flow));
            body(item);
            _emitter.Emit(new MappingEnd());
        }

        _emitter.Emit(new SequenceEnd());
    }

    private void Key(string key)
    {
        Flush();
        Quotable(key);
    }

    private void Flush()
    {
        foreach (var open in _pending)
        {
            Quotable(open.Key);
            _emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, open.Style));
        }

        _pending.Clear();
    }

    private void Quotable(string value)
    {
        var safe = SafePlain().IsMatch(value) && !LooksLikeSomethingElse().IsMatch(value);
        _emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, value, safe ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted, safe, !safe));
    }

    // Compared by reference: two sections of one name may be open at once.
    private sealed class Open(string key, MappingStyle style)
    {
        public string Key { get; } = key;

        public MappingStyle Style { get; } = style;
    }

    [GeneratedRegex(@"^[A-Za-z0-9/_.][A-Za-z0-9/_.+%:=@-]*(?<!:)\z")]
    private static partial Regex SafePlain();

    // What YAML 1.1 or 1.2 reads as a number, a flag, nothing, a date or a sexagesimal.
    [GeneratedRegex(@"^(null|true|false|yes|no|on|off|y|n|\.inf|\.nan|[0-9.][0-9._:eExXoO+-]*|0[xob][0-9a-fA-F_]+|~)\z", RegexOptions.IgnoreCase)]
    private static partial Regex LooksLikeSomethingElse();
}
