using System.Collections.Immutable;

namespace Tutti.Cli.Solve.Reading;

/// <summary>Reads a file for <c>tutti solve</c>, JSON or YAML, and finds everything that is wrong with it.</summary>
internal static class SolveFileReader
{
    /// <summary>Longest file: 64 MiB.</summary>
    public const int LongestBytes = 64 << 20;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Reads one.</summary>
    /// <param name="bytes">Its bytes, at most <see cref="LongestBytes"/>.</param>
    /// <param name="name">As the person named it: its ending says which language a text that begins like JSON but is none was meant to be in.</param>
    public static SolveFile Read(ReadOnlyMemory<byte> bytes, string name)
    {
        if (bytes.Span.StartsWith(ByteOrderMark))
        {
            bytes = bytes[ByteOrderMark.Length..];
        }

        if (TextPlace.Refuse(bytes.Span) is { } refused)
        {
            return Refused(new ProblemLog(name), refused);
        }

        var pool = new TextPool();
        if (FirstCharacter(bytes.Span) != (byte)'{')
        {
            return ReadYaml(bytes, name, pool);
        }

        // YAML's flow maps begin like JSON: what is no JSON may still be YAML, where it is not plainly meant as JSON.
        var json = ReadJson(bytes, name, pool, out var fault);
        return fault is null || IsMeantAsJson(bytes.Span, name) ? json : ReadYaml(bytes, name, pool);
    }

    private static SolveFile ReadJson(ReadOnlyMemory<byte> bytes, string name, TextPool pool, out SyntaxFault? fault)
    {
        var log = new ProblemLog(name);
        return Finish(new JsonTokens(bytes, pool), log, out fault);
    }

    private static SolveFile ReadYaml(ReadOnlyMemory<byte> bytes, string name, TextPool pool)
    {
        var log = new ProblemLog(name);
        return Finish(new YamlTokens(bytes, pool, log), log, out _);
    }

    private static SolveFile Finish(SolveTokens tokens, ProblemLog log, out SyntaxFault? fault)
    {
        var draft = SectionsReader.Read(tokens, log);
        fault = tokens.Fault;
        if (fault is not null)
        {
            return Refused(log, fault);
        }

        return log.Count > 0
            ? new SolveFile { Problems = log.InOrder() }
            : new SolveFile { Question = draft.ToQuestion(), Pets = draft.Pets.Keys.ToImmutableSortedSet(StringComparer.Ordinal) };
    }

    private static SolveFile Refused(ProblemLog log, SyntaxFault fault)
    {
        log.Add("syntax", fault.Line, fault.Column, fault.Message);
        return new SolveFile { Problems = log.InOrder() };
    }

    private static bool IsMeantAsJson(ReadOnlySpan<byte> text, string name) => Path.GetExtension(name).ToLowerInvariant() switch
    {
        ".json" => true,
        ".yaml" or ".yml" => false,
        _ => FirstCharacter(text[(text.IndexOf((byte)'{') + 1)..]) == (byte)'"',
    };

    private static byte FirstCharacter(ReadOnlySpan<byte> text)
    {
        var at = text.IndexOfAnyExcept(" \t\r\n"u8);
        return at < 0 ? (byte)0 : text[at];
    }
}
