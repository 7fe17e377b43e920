using Tutti.Control.State;

namespace Tutti.Server.Api;

/// <summary>What to say of a name that leads nowhere: which, where, and the nearest right one.</summary>
internal static class Missing
{
    public static ProblemAnswer Architecture(ClusterState state, string name) =>
        ProblemAnswer.NotFound($"there is no architecture '{name}'{NearestName.Hint(name, state.Architectures.All.Select(a => a.Name))}");

    public static ProblemAnswer Service(ClusterState state, string architecture, string service)
    {
        if (state.Architectures.Find(architecture) is not { } found)
        {
            return Architecture(state, architecture);
        }

        var names = state.ServicesOf(architecture).Select(s => s.Name)
            .Concat(state.Set(architecture, found.CurrentSet)?.Spec.Services.Keys ?? [])
            .Distinct();
        return ProblemAnswer.NotFound($"there is no service '{service}' in {architecture}{NearestName.Hint(service, names)}");
    }

    /// <summary>A service of which no release is recorded.</summary>
    public static ProblemAnswer Release(ClusterState state, string architecture, string service) =>
        state.Architectures.Find(architecture) is null
            ? Architecture(state, architecture)
            : ProblemAnswer.NotFound($"no release of '{service}' is recorded in {architecture}"
                + NearestName.Hint(service, state.Releases.All.Where(release => release.Architecture == architecture).Select(release => release.Service).Distinct()));

    public static ProblemAnswer Instance(ClusterState state, string architecture, string id) =>
        state.Architectures.Find(architecture) is null
            ? Architecture(state, architecture)
            : ProblemAnswer.NotFound($"there is no instance '{id}' in {architecture}; it may have been replaced: see the list of instances");

    public static ProblemAnswer Node(ClusterState state, string name) =>
        ProblemAnswer.NotFound($"there is no node '{name}'{NearestName.Hint(name, state.Nodes.All.Select(n => n.Name))}");

    public static ProblemAnswer Set(ClusterState state, string architecture, int number)
    {
        if (state.Architectures.Find(architecture) is not { } found)
        {
            return Architecture(state, architecture);
        }

        return ProblemAnswer.NotFound($"there is no version set {number} in {architecture}; sets go from 1 to {found.LastSet}");
    }
}
