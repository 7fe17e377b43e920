using Tutti.Decisions.Versions.Solving;
using Tutti.Model.Lifecycle;
using Tutti.Model.Problems;
using Tutti.Model.Versions;

namespace Tutti.Cli.Solve.Reading;

/// <summary>Reads the whole file, section by section, in whatever order they stand.</summary>
internal sealed class SectionsReader
{
    private const string RequestForm = "a map from services to ranges, or the word newest for everything";
    private const string WishForm = "a version range such as ^1.2, or newest";
    private const string CriticalityForm = "one of critical-plus, critical, sheddable-plus, sheddable";

    private static readonly string[] _sections = ["releases", "current", "request", "hold", "pin", "criticality", "pets", "irreversible"];

    private static readonly Dictionary<string, Criticality> _criticalities = new(StringComparer.Ordinal)
    {
        ["critical-plus"] = Criticality.CriticalPlus,
        ["critical"] = Criticality.Critical,
        ["sheddable-plus"] = Criticality.SheddablePlus,
        ["sheddable"] = Criticality.Sheddable,
    };

    private readonly Walk _walk;
    private readonly Forms _forms;
    private readonly SolveDraft _draft = new();

    private SectionsReader(SolveTokens tokens, ProblemLog log)
    {
        _walk = new Walk(tokens, log);
        _forms = new Forms(_walk);
    }

    /// <summary>Reads what the tokens say; what is wrong goes into the log. A syntax fault is left to whoever chose the tokens.</summary>
    public static SolveDraft Read(SolveTokens tokens, ProblemLog log)
    {
        var reader = new SectionsReader(tokens, log);
        reader.ReadFile();
        if (tokens.Fault is null)
        {
            reader._draft.Check(reader._walk);
        }

        return reader._draft;
    }

    private void ReadFile()
    {
        var start = _walk.Mark;
        if (_walk.Kind is TokenKind.Nothing or TokenKind.End)
        {
            _walk.Say(start, "empty", "the file is empty; begin with 'releases:' and see 'tutti solve --help'");
            return;
        }

        if (!_walk.TryEnterMap("a map of " + string.Join(", ", _sections)))
        {
            return;
        }

        var marks = new Dictionary<string, Mark>(StringComparer.Ordinal);
        while (_walk.TryNextKey(out var section))
        {
            if (!_sections.Contains(section))
            {
                _walk.SayUnknown(_walk.KeyMark, "unknown-key", $"there is no section '{Walk.Shown(section)}', only {string.Join(", ", _sections)}", section, _sections);
                _walk.Skip();
            }
            else if (!marks.TryAdd(section, _walk.KeyMark))
            {
                _walk.SayTwice(_walk.KeyMark, marks[section], $"'{section}'");
                _walk.Skip();
            }
            else
            {
                ReadSection(section);
            }
        }

        if (!marks.ContainsKey("releases"))
        {
            _walk.Say(start, "missing-key", "the file needs the section 'releases': a map from services to their versions, and each version to what it accepts");
        }
    }

    private void ReadSection(string section)
    {
        switch (section)
        {
            case "releases":
                _draft.Releases = new ReleasesReader(_walk, _forms).Read();
                break;
            case "current":
                ReadVersions(section, "a map from services to the version (or versions) that they run", _draft.Current);
                break;
            case "request":
                ReadRequest();
                break;
            case "hold":
                ReadNames(section, _draft.Holds);
                break;
            case "pin":
                ReadMap(section, "a map from services to the ranges that they must stay in", service =>
                {
                    if (_forms.TryRange(out var range))
                    {
                        _draft.Pins[service] = range;
                    }
                });
                break;
            case "criticality":
                ReadMap(section, "a map from services to their criticality", ReadCriticality);
                break;
            case "pets":
                ReadNames(section, _draft.Pets);
                break;
            default:
                ReadVersions(section, "a map from services to the versions that there is no way back from", _draft.Irreversible);
                break;
        }
    }

    private void ReadRequest()
    {
        if (_walk.Kind == TokenKind.Text)
        {
            var mark = _walk.Mark;
            _walk.TryText("", out var word);
            if (word != "newest")
            {
                _walk.SayForm(mark, "bad-request", word!, RequestForm, Spelling.Nearest(word!, ["newest"]));
            }

            _draft.WishesNewest = true;
            return;
        }

        ReadMap("request", RequestForm, service =>
        {
            var mark = _walk.Mark;
            if (_walk.TryText(WishForm, out var text))
            {
                if (text == "newest")
                {
                    _draft.Wishes[service] = VersionWish.Newest;
                }
                else if (_forms.TryRange(text, mark, out var range, WishForm))
                {
                    _draft.Wishes[service] = new VersionWish(range);
                }
            }
        });
    }

    private void ReadCriticality(string service)
    {
        var mark = _walk.Mark;
        if (!_walk.TryText(CriticalityForm, out var word))
        {
            return;
        }

        if (_criticalities.TryGetValue(word, out var criticality))
        {
            _draft.Criticality[service] = criticality;
        }
        else
        {
            _walk.SayForm(mark, "unknown-value", word, CriticalityForm, Spelling.Nearest(word, _criticalities.Keys));
        }
    }

    private void ReadVersions(string section, string expected, Dictionary<string, Dictionary<ReleaseVersion, Mark>> into) =>
        ReadMap(section, expected, service =>
        {
            var (valueMark, kind) = (_walk.Mark, _walk.Kind);
            var versions = new Dictionary<ReleaseVersion, Mark>();
            var said = _walk.Said;
            foreach (var (text, mark) in _walk.Texts(Forms.Version + ", or a list of them"))
            {
                if (!_forms.TryVersion(text, mark, out var version))
                {
                    continue;
                }

                if (!versions.TryAdd(version, mark))
                {
                    _walk.SayTwice(mark, versions[version], $"{_walk.Path} {version}");
                }
            }

            if (versions.Count == 0 && _walk.Said == said)
            {
                var found = kind == TokenKind.Nothing ? "nothing" : "an empty list";
                _walk.Say(valueMark, "wrong-type", $"{_walk.Path} is {found}, but must be {Forms.Version}, or a list of them; leave {Walk.Shown(service)} out where there is none");
            }

            into[service] = versions;
        });

    private void ReadNames(string section, Dictionary<string, Mark> into)
    {
        foreach (var (name, mark) in _walk.Texts("the name of a service, or a list of names"))
        {
            if (!_forms.IsName(name, mark))
            {
                continue;
            }

            if (into.TryAdd(name, mark))
            {
                _draft.Named.Add(new NamedService(section, name, mark));
            }
            else
            {
                _walk.SayTwice(mark, into[name], $"{Walk.Shown(name)} in {section}");
            }
        }
    }

    // A map from services; each stands once, and its value is read by the caller.
    private void ReadMap(string section, string expected, Action<string> readValue)
    {
        if (!_walk.TryEnterMap(expected))
        {
            return;
        }

        var marks = new Dictionary<string, Mark>(StringComparer.Ordinal);
        while (_walk.TryNextKey(out var service))
        {
            var mark = _walk.KeyMark;
            if (!_forms.IsName(service, mark))
            {
                _walk.Skip();
            }
            else if (!marks.TryAdd(service, mark))
            {
                _walk.SayTwice(mark, marks[service], _walk.Path);
                _walk.Skip();
            }
            else
            {
                _draft.Named.Add(new NamedService(section, service, mark));
                readValue(service);
            }
        }
    }
}
