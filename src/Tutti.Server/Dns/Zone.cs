using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Tutti.Server.Dns;

/// <summary>What a question gets.</summary>
internal sealed record ZoneAnswer
{
    /// <summary>NoError with no answers is "the name is there, that type is not" (RFC 2308, 2.2).</summary>
    public ResponseCode Code { get; init; }

    /// <summary>False only outside the zone.</summary>
    public bool Authoritative { get; init; } = true;

    /// <summary>The answer section.</summary>
    public ImmutableArray<ResourceRecord> Answers { get; init; } = [];

    /// <summary>The authority section.</summary>
    public ImmutableArray<ResourceRecord> Authority { get; init; } = [];

    /// <summary>The additional section; may be left out where it does not fit.</summary>
    public ImmutableArray<ResourceRecord> Additional { get; init; } = [];
}

/// <summary>The zone <c>tutti.</c>: services of architectures, their ports and instances (docs/discovery-dns.md).</summary>
/// <param name="index">What is there.</param>
/// <param name="address">Where this server can be asked; null where it listens on every address.</param>
internal sealed class Zone(EndpointIndex index, IPAddress? address)
{
    private const string Apex = "tutti";
    private const string NameServer = "ns";
    private const string Tcp = "_tcp";

    /// <summary>Answers a question of class IN or ANY.</summary>
    public ZoneAnswer Answer(Question question)
    {
        var name = question.Name;
        var depth = name.Labels.Length - 1;
        if (depth < 0 || !Same(name.Labels[^1], Apex) || question.Type is RecordType.Axfr or RecordType.Ixfr
            || question.Class is not (RecordClass.Internet or RecordClass.Any))
        {
            return new ZoneAnswer { Code = ResponseCode.Refused, Authoritative = false };
        }

        var apex = name.Ancestor(depth);
        var found = Find(name, depth, question.Type);
        if (found is null)
        {
            return new ZoneAnswer { Code = ResponseCode.NameError, Authority = [Soa(apex)] };
        }

        if (found.Answers.Length > 0)
        {
            return found;
        }

        return question.Type == RecordType.Any
            ? new ZoneAnswer { Answers = [new MinimalAnyRecord(name)] }
            : new ZoneAnswer { Authority = [Soa(apex)] };
    }

    private static bool Same(string label, string other) => string.Equals(label, other, StringComparison.OrdinalIgnoreCase);

    private static ZoneAnswer Nothing() => new();

    /// <summary>Null: there is no such name. No answers: it is there, but has nothing of that type.</summary>
    private ZoneAnswer? Find(DnsName name, int depth, RecordType type)
    {
        var labels = name.Labels;
        switch (depth)
        {
            case 0:
                return AtApex(name, type);
            case 1:
                return Same(labels[0], NameServer) ? OfAddresses(name, type, ServerAddress()) : index.Knows(labels[0]) ? Nothing() : null;
            case 2:
                return OfService(name, labels[1], labels[0], type);
            case 3 when Same(labels[0], Tcp):
                return index.Knows(labels[2], labels[1]) ? Nothing() : null;
            case 3:
                return index.Address(labels[2], labels[1], labels[0]) is { } found ? OfAddresses(name, type, [found]) : null;
            case 4 when Same(labels[1], Tcp) && labels[0].StartsWith('_'):
                var port = labels[0][1..].ToLowerInvariant();
                return !index.Knows(labels[3], labels[2], port) ? null
                    : type == RecordType.Srv ? OfPort(name, name.Ancestor(2), labels[3], labels[2], port)
                    : Nothing();
            default:
                return null;
        }
    }

    private ZoneAnswer AtApex(DnsName apex, RecordType type)
    {
        var server = DnsName.Under(apex, NameServer)!;
        return type switch
        {
            RecordType.Soa => new ZoneAnswer { Answers = [Soa(apex)] },
            RecordType.Ns => new ZoneAnswer { Answers = [new NameServerRecord(apex, server)], Additional = Records(server, ServerAddress()) },
            _ => Nothing(),
        };
    }

    private ZoneAnswer? OfService(DnsName name, string architecture, string service, RecordType type)
    {
        if (index.Addresses(architecture, service) is not { } addresses)
        {
            return null;
        }

        // An alias stands for every type at its name (RFC 1034, 3.6.2), so it is given for SRV as well.
        return type == RecordType.Srv && (addresses.IsEmpty || addresses.Any(each => each.Ip is not null))
            ? index.DefaultPort(architecture, service) is { } port ? OfPort(name, name, architecture, service, port) : Nothing()
            : OfAddresses(name, type, addresses);
    }

    private ZoneAnswer OfPort(DnsName name, DnsName serviceName, string architecture, string service, string port)
    {
        var answers = ImmutableArray.CreateBuilder<ResourceRecord>();
        var additional = ImmutableArray.CreateBuilder<ResourceRecord>();
        foreach (var endpoint in index.Endpoints(architecture, service, port))
        {
            // A target may not be an alias (RFC 2782), so where the address is a host's name, that name is the target.
            var target = endpoint.Address.Host ?? (endpoint.Instance is null ? serviceName : DnsName.Under(serviceName, endpoint.Instance));
            if (target is not null)
            {
                answers.Add(new ServiceRecord(name, (ushort)endpoint.Port, target));
                additional.AddRange(Records(target, [endpoint.Address]));
            }
        }

        return new ZoneAnswer { Answers = answers.ToImmutable(), Additional = additional.ToImmutable() };
    }

    /// <summary>Addresses of the family asked for. Where there are none at all but hosts' names, an alias to one of them: a name has at most one alias.</summary>
    private static ZoneAnswer OfAddresses(DnsName name, RecordType type, ImmutableArray<HostAddress> addresses)
    {
        if (addresses.All(each => each.Ip is null))
        {
            var host = addresses.FirstOrDefault().Host;
            return host is null ? Nothing() : new ZoneAnswer { Answers = [new AliasRecord(name, host)] };
        }

        return new ZoneAnswer { Answers = [.. Records(name, addresses).Where(record => record.Type == type)] };
    }

    private static ImmutableArray<ResourceRecord> Records(DnsName owner, ImmutableArray<HostAddress> addresses) =>
        [.. addresses.Where(each => each.Ip is not null).Select(each => new AddressRecord(owner, each.Ip!))];

    private ImmutableArray<HostAddress> ServerAddress() =>
        address is { AddressFamily: AddressFamily.InterNetwork or AddressFamily.InterNetworkV6 } && HostAddress.Read(address.ToString()) is { } found ? [found] : [];

    private AuthorityRecord Soa(DnsName apex) =>
        new(apex, DnsName.Under(apex, NameServer)!, DnsName.Under(apex, "hostmaster")!, (uint)index.Revision);
}
