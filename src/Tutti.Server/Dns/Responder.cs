using Microsoft.Extensions.Logging;

namespace Tutti.Server.Dns;

/// <summary>Turns the bytes of a query into the bytes of its answer. Safe for any number of threads, each with a writer of its own.</summary>
internal sealed partial class Responder(Zone zone, ILogger logger)
{
    private const ushort ResponseFlag = 0x8000;
    private const ushort AuthoritativeFlag = 0x0400;
    private const ushort TruncatedFlag = 0x0200;
    private const ushort RecursionDesiredFlag = 0x0100;

    /// <summary>Answers a query into the writer; false where nothing may be answered.</summary>
    /// <param name="message">The query.</param>
    /// <param name="overTcp">Whether it came over TCP, where only the length prefix bounds an answer.</param>
    /// <param name="writer">Takes the answer.</param>
    public bool TryAnswer(ReadOnlySpan<byte> message, bool overTcp, ResponseWriter writer)
    {
        if (QueryReader.Read(message) is not { } query)
        {
            return false;
        }

        try
        {
            Write(query, Judge(query), Limit(query, overTcp), writer);
        }
        catch (Exception failure)
        {
            // One question that cannot be answered must not end the service of all others; the asker is told.
            Log.Failed(logger, failure, query.Question?.Name.ToString() ?? "?");
            Write(query, new ZoneAnswer { Code = ResponseCode.ServerFailure, Authoritative = false }, Limit(query, overTcp), writer);
        }

        return true;
    }

    private static int Limit(DnsQuery query, bool overTcp) =>
        overTcp ? MessageSize.MaxTcp : Math.Clamp((int?)query.Edns?.PayloadSize ?? MessageSize.ClassicUdp, MessageSize.ClassicUdp, MessageSize.MaxUdp);

    private ZoneAnswer Judge(DnsQuery query)
    {
        var refusal = query.Opcode != 0 ? ResponseCode.NotImplemented
            : !query.WellFormed ? ResponseCode.FormatError
            : query.Edns is { Version: > 0 } ? ResponseCode.BadVersion
            : ResponseCode.NoError;
        return refusal == ResponseCode.NoError ? zone.Answer(query.Question!) : new ZoneAnswer { Code = refusal, Authoritative = false };
    }

    private static void Write(DnsQuery query, ZoneAnswer answer, int limit, ResponseWriter writer)
    {
        writer.Begin(limit);
        if (query.Question is { } question)
        {
            writer.WriteQuestion(question);
        }

        // Room for the OPT record is kept free: an answer to a query with one must have one (RFC 6891, 7).
        var reserved = query.Edns is null ? 0 : MessageSize.Opt;
        writer.Reserve(reserved);
        var answers = answer.Answers.TakeWhile(writer.TryWrite).Count();
        var authorities = answer.Authority.TakeWhile(writer.TryWrite).Count();
        var truncated = answers < answer.Answers.Length || authorities < answer.Authority.Length;

        // What is merely helpful is left out without a word (RFC 2181, 9).
        var additionals = truncated ? 0 : answer.Additional.TakeWhile(writer.TryWrite).Count();
        writer.Reserve(-reserved);
        if (query.Edns is not null)
        {
            writer.WriteOpt(answer.Code);
            additionals++;
        }

        var flags = ResponseFlag
            | (query.Opcode << 11)
            | (answer.Authoritative ? AuthoritativeFlag : 0)
            | (truncated ? TruncatedFlag : 0)
            | (query.RecursionDesired ? RecursionDesiredFlag : 0)
            | ((int)answer.Code & 0xf);
        writer.SetHeader(query.Id, (ushort)flags, query.Question is null ? 0 : 1, answers, authorities, additionals);
    }

    private static partial class Log
    {
        [LoggerMessage(1203, LogLevel.Error, "DNS could not answer a question about {Name}")]
        public static partial void Failed(ILogger logger, Exception failure, string name);
    }
}
