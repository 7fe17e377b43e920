namespace Tutti.Server.Dns;

/// <summary>Reads queries.</summary>
internal static class QueryReader
{
    private const ushort ResponseFlag = 0x8000;
    private const ushort RecursionDesiredFlag = 0x0100;

    /// <summary>Reads a query; null where no answer may be given: it has no header, or it is itself an answer, and answering answers could go on for ever.</summary>
    public static DnsQuery? Read(ReadOnlySpan<byte> message)
    {
        var reader = new WireReader(message);
        if (message.Length < MessageSize.Header || !reader.TryReadUInt16(out var id) || !reader.TryReadUInt16(out var flags) || (flags & ResponseFlag) != 0)
        {
            return null;
        }

        var query = new DnsQuery { Id = id, Opcode = (flags >> 11) & 0xf, RecursionDesired = (flags & RecursionDesiredFlag) != 0 };
        if (query.Opcode != 0)
        {
            // Other kinds of message use the sections in ways of their own; their header is all there is to answer.
            return query;
        }

        _ = reader.TryReadUInt16(out var questions);
        _ = reader.TryReadUInt16(out var answers);
        _ = reader.TryReadUInt16(out var authorities);
        _ = reader.TryReadUInt16(out var additionals);
        if (questions != 1 || !TryReadQuestion(ref reader, out var question))
        {
            return query;
        }

        query = query with { Question = question };
        return TryReadEdns(ref reader, answers + authorities, additionals, out var edns) && reader.AtEnd && question!.Type != RecordType.Opt
            ? query with { Edns = edns, WellFormed = true }
            : query;
    }

    private static bool TryReadQuestion(ref WireReader reader, out Question? question)
    {
        question = null;
        if (!reader.TryReadName(out var name) || !reader.TryReadUInt16(out var type) || !reader.TryReadUInt16(out var recordClass))
        {
            return false;
        }

        question = new Question(name, (RecordType)type, (RecordClass)recordClass);
        return true;
    }

    private static bool TryReadEdns(ref WireReader reader, int before, int additionals, out Edns? edns)
    {
        edns = null;
        for (var i = 0; i < before + additionals; i++)
        {
            if (!reader.TryReadName(out var owner)
                || !reader.TryReadUInt16(out var type)
                || !reader.TryReadUInt16(out var recordClass)
                || !reader.TryReadUInt32(out var ttl)
                || !reader.TryReadUInt16(out var length)
                || !reader.TrySkip(length))
            {
                return false;
            }

            if ((RecordType)type != RecordType.Opt)
            {
                continue;
            }

            // One OPT at most, owned by the root, among the additional records (RFC 6891, 6.1.1).
            if (i < before || edns is not null || owner.Labels.Length > 0)
            {
                return false;
            }

            edns = new Edns(recordClass, (byte)(ttl >> 16));
        }

        return true;
    }
}
