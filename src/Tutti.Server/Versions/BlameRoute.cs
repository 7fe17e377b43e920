using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Control.State;
using Tutti.Decisions.Versions;
using Tutti.Server.Api;
using Tutti.Server.Hosting;

namespace Tutti.Server.Versions;

/// <summary>Which version set changed what in a service.</summary>
internal static class BlameRoute
{
    public static void MapBlame(this IEndpointRouteBuilder api, ServerContext server) =>
        api.MapGet("/architectures/{architecture}/services/{service}/blame", (string architecture, string service) => Find(server, architecture, service))
            .WithTags("Versions")
            .WithSummary("For each field of the service's current entry the set that last changed it");

    private static Results<Ok<BlameDocument>, ProblemAnswer> Find(ServerContext server, string architecture, string service)
    {
        // The sets never change, so they may be compared after the state was let go of.
        var (line, missing) = server.Control.View.Read((state, _) =>
        {
            var sets = Line(state, architecture);
            return (sets, sets.Count > 0 && sets[0].Spec.Services.ContainsKey(service) ? null : Absent(state, architecture, service, sets));
        });
        if (missing is not null || Blame.Of([.. line.Select(set => new BlameStep(set.Number, set.Spec.Services.GetValueOrDefault(service)))]) is not { } blame)
        {
            return missing ?? ProblemAnswer.NotFound($"there is no service '{service}' in {architecture}");
        }

        var byNumber = line.ToDictionary(set => set.Number);
        return TypedResults.Ok(new BlameDocument
        {
            Architecture = architecture,
            Service = service,
            Set = line[0].Number,
            Since = blame.Since,
            Fields = [.. blame.Fields.Select(field => Of(field, byNumber[field.Set]))],
        });
    }

    /// <summary>The current set, then the one it was made from, and so on.</summary>
    private static List<VersionSet> Line(ClusterState state, string architecture)
    {
        var line = new List<VersionSet>();
        for (var number = state.Architectures.Find(architecture)?.CurrentSet; number is { } at && state.Set(architecture, at) is { } set; number = set.Parent)
        {
            line.Add(set);
        }

        return line;
    }

    private static ProblemAnswer Absent(ClusterState state, string architecture, string service, List<VersionSet> line) =>
        line.Find(set => set.Spec.Services.ContainsKey(service)) is { } last
            ? ProblemAnswer.NotFound($"{service} is not in version set {line[0].Number} of {architecture}; set {last.Number} was the last to have it: see 'tutti versions show {last.Number}'")
            : Missing.Service(state, architecture, service);

    private static BlameFieldDocument Of(BlamedField field, VersionSet set) => new()
    {
        Path = field.Field.Path,
        Value = field.Field.Value,
        ByDefault = field.Field.ByDefault,
        Set = set.Number,
        Author = set.Author,
        Time = set.Time,
        Message = set.Message,
    };
}
