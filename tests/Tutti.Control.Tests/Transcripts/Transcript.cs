using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Tutti.Control.Commands;
using Tutti.Control.State;

namespace Tutti.Control.Tests.Transcripts;

/// <summary>What was put in and the journal that came out, as a text that is reviewed in diffs.</summary>
/// <remarks><c>TUTTI_WRITE_TRANSCRIPTS=1</c> writes the files anew; read the diff before it is committed.</remarks>
internal sealed partial class Transcript
{
    private readonly StringBuilder _text = new();
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Bed _bed;

    public Transcript(Bed bed)
    {
        _bed = bed;
        bed.Turned += changes =>
        {
            foreach (var instance in changes.Select(change => change.After).OfType<Instance>().Where(instance => instance.Ordinal < 0 && !_names.ContainsKey(instance.Id)))
            {
                _names[instance.Id] = $"{instance.Service}~{_names.Values.Count(name => name.StartsWith(instance.Service + "~", StringComparison.Ordinal)) + 1}";
            }

            foreach (var line in changes.Where(change => change.Before is null).Select(change => change.After).OfType<Event>())
            {
                Write(line);
            }
        };
        bed.Settle();
    }

    /// <summary>A heading for what comes.</summary>
    public void Say(string text) => _text.Append('\n').Append("# ").Append(text).Append('\n');

    public void Do(Command command)
    {
        _text.Append("> ").Append(Spell(command)).Append('\n');
        var result = _bed.Do(command);
        if (result.Refusal is { } refusal)
        {
            _text.Append("  refused: ").Append(refusal.Detail).Append('\n');
        }
    }

    /// <summary>Something happens in the world.</summary>
    public void Happen(string what, Action action)
    {
        _text.Append("! ").Append(Named(what)).Append('\n');
        action();
    }

    /// <summary>Compares with the file.</summary>
    public void Check(string name)
    {
        var path = Path.Combine(Folder(), $"{name}.txt");
        var actual = _text.ToString();
        if (Environment.GetEnvironmentVariable("TUTTI_WRITE_TRANSCRIPTS") == "1")
        {
            File.WriteAllText(path, actual);
            return;
        }

        Assert.True(File.Exists(path), $"{path} is missing: write it with TUTTI_WRITE_TRANSCRIPTS=1");
        Assert.Equal(File.ReadAllText(path), actual);
    }

    private static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Tutti.slnx")))
        {
            folder = folder.Parent;
        }

        Assert.NotNull(folder);
        return Path.Combine(folder.FullName, "tests", "Tutti.Control.Tests", "Transcripts");
    }

    private static string Spell(Command command) => command switch
    {
        ApplyManifest apply => "apply " + string.Join(", ", apply.Spec.Services.Select(each =>
            $"{each.Key} {each.Value.Version} x{each.Value.Instances.Min}{(each.Value.Kind == Model.Lifecycle.ServiceKind.Pet ? " pet" : "")}{(each.Value.DependsOn.IsEmpty ? "" : $" after {string.Join(' ', each.Value.DependsOn.Keys)}")}")),
        ScaleService scale => $"scale {scale.Service} {scale.Min}..{scale.Max}",
        RestartService restart => $"restart {restart.Service}",
        PauseService pause => $"{(pause.Paused ? "pause" : "unpause")} {pause.Service}",
        ResumeService resume => $"resume {resume.Service}",
        RollbackArchitecture rollback => $"rollback{(rollback.Set is { } set ? $" to {set}" : "")}",
        DestroyArchitecture => "destroy",
        DrainNode drain => $"{(drain.Draining ? "drain" : "undrain")} {drain.Node}",
        RemoveNode remove => $"remove {remove.Node}",
        _ => command.GetType().Name,
    };

    private void Write(Event line)
    {
        _text.Append(_bed.Elapsed.TotalSeconds.ToString("0000.00", CultureInfo.InvariantCulture)).Append(' ').Append(line.Kind);
        foreach (var part in new[] { line.Service, line.Instance is { } id ? Named(id) : null, line.From is null && line.To is null ? null : $"{line.From ?? "-"} → {line.To ?? "-"}" })
        {
            if (part is not null)
            {
                _text.Append(' ').Append(part);
            }
        }

        _text.Append(": ").Append(Named(line.Cause).Replace("\n", "\n        | ")).Append('\n');
    }

    /// <summary>Random ids by the order in which they came.</summary>
    private string Named(string text) => RandomId().Replace(text, match => _names.GetValueOrDefault(match.Value, match.Value));

    [GeneratedRegex("[a-z]+-[2-9a-z]{7}")]
    private static partial Regex RandomId();
}
