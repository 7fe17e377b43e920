using Tutti.Cli.Client;
using Tutti.Cli.CommandLine;
using Tutti.Server.Api;

namespace Tutti.Cli.Architectures;

/// <summary>The architecture that a command is about.</summary>
internal static class ArchitectureChoice
{
    /// <summary>What there is to say where nothing has been applied.</summary>
    public const string NothingYet = "nothing has been applied yet; apply a manifest with 'tutti apply FILE'";

    /// <summary>As named; otherwise the only one, those that are not taken down first.</summary>
    /// <exception cref="CliException">None, or several (exit code 2).</exception>
    public static async Task<string> ResolveAsync(ApiClient api, string? named, CancellationToken cancellation) =>
        await FindAsync(api, named, cancellation) ?? throw CliException.BadInput(NothingYet);

    /// <summary>The same, but null where nothing has been applied yet.</summary>
    /// <exception cref="CliException">Several (exit code 2).</exception>
    public static async Task<string?> FindAsync(ApiClient api, string? named, CancellationToken cancellation)
    {
        if (named is not null)
        {
            return named;
        }

        var all = await api.GetAsync<ArchitectureDocument[]>(Routes.Architectures, cancellation);
        var live = all.Where(architecture => !architecture.Destroyed).ToArray();
        var candidates = live.Length > 0 ? live : all;
        return candidates switch
        {
            [var only] => only.Name,
            [] => null,
            _ => throw CliException.BadInput(
                $"there are several architectures ({string.Join(", ", candidates.Select(one => one.Name).Order(StringComparer.Ordinal))}); "
                + "say which with --architecture NAME"),
        };
    }
}
