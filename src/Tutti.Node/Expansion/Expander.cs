using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Tutti.Node.Runtimes;
using Tutti.Node.Upstreams;

namespace Tutti.Node.Expansion;

/// <summary>What references may name.</summary>
/// <param name="Ports">Own ports by name.</param>
/// <param name="Upstreams">Addresses by provider.</param>
/// <param name="Volumes">Absolute folders by name.</param>
/// <param name="InstanceId">This instance.</param>
/// <param name="Node">Its node.</param>
/// <param name="Service">Its service.</param>
/// <param name="Version">Its release.</param>
/// <param name="Secret">Value of a secret; null where there is none.</param>
internal sealed record ExpansionContext(
    ImmutableSortedDictionary<string, int> Ports,
    ImmutableSortedDictionary<string, UpstreamAddress> Upstreams,
    ImmutableSortedDictionary<string, string> Volumes,
    string InstanceId,
    string Node,
    string Service,
    string Version,
    Func<string, string?> Secret);

/// <summary>Puts values in place of <c>${...}</c>. <c>$${</c> stands for a literal <c>${</c>; what is put in is not expanded again.</summary>
internal static class Expander
{
    /// <summary>The text with every reference replaced.</summary>
    /// <exception cref="LaunchException">A reference leads nowhere; the message names it and what there is.</exception>
    public static string Expand(string text, ExpansionContext context)
    {
        var at = text.IndexOf("${", StringComparison.Ordinal);
        if (at < 0)
        {
            return text;
        }

        var result = new StringBuilder(text.Length + 32);
        var done = 0;
        while (at >= 0)
        {
            if (at > done && text[at - 1] == '$')
            {
                result.Append(text, done, at - 1 - done).Append("${");
                done = at + 2;
            }
            else
            {
                var end = text.IndexOf('}', at);
                if (end < 0)
                {
                    throw new LaunchException($"'{text[at..]}' in '{text}' has no closing '}}'; write $${{ for a literal ${{");
                }

                result.Append(text, done, at - done).Append(Resolve(text[(at + 2)..end], context));
                done = end + 1;
            }

            at = text.IndexOf("${", done, StringComparison.Ordinal);
        }

        return result.Append(text, done, text.Length - done).ToString();
    }

    private static string Resolve(string reference, ExpansionContext context)
    {
        var dot = reference.IndexOf('.');
        var (kind, name) = dot < 0 ? (reference, "") : (reference[..dot], reference[(dot + 1)..]);
        return kind switch
        {
            "port" => Pick(reference, "port", name, context.Ports).ToString(CultureInfo.InvariantCulture),
            "volume" => Pick(reference, "volume", name, context.Volumes),
            "upstream" => Upstream(reference, name, context),
            "secret" => context.Secret(name) ?? throw new LaunchException($"${{{reference}}}: there is no secret '{name}' on this node"),
            "instance" => name switch
            {
                "id" => context.InstanceId,
                "node" => context.Node,
                "service" => context.Service,
                "version" => context.Version,
                _ => throw new LaunchException($"${{{reference}}} is not known: an instance has id, node, service and version"),
            },
            _ => throw new LaunchException(
                $"${{{reference}}} is not known: there are port, upstream, volume, instance and secret; write $${{ for a literal ${{"),
        };
    }

    private static string Upstream(string reference, string name, ExpansionContext context)
    {
        var dot = name.LastIndexOf('.');
        var (service, part) = dot < 0 ? (name, "") : (name[..dot], name[(dot + 1)..]);
        var address = Pick(reference, "upstream", service, context.Upstreams);
        return part switch
        {
            "url" => address.Url,
            "host" => address.Host,
            "port" => address.Port.ToString(CultureInfo.InvariantCulture),
            _ => throw new LaunchException($"${{{reference}}} is not known: an upstream has url, host and port"),
        };
    }

    private static T Pick<T>(string reference, string kind, string name, ImmutableSortedDictionary<string, T> values)
    {
        if (values.TryGetValue(name, out var value))
        {
            return value;
        }

        var known = values.IsEmpty ? "it has none" : $"there are {string.Join(", ", values.Keys)}";
        throw new LaunchException($"${{{reference}}}: this instance has no {kind} '{name}'; {known}");
    }
}
