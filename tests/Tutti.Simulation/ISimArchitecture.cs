using Tutti.Model.Manifest;

namespace Tutti.Simulation;

/// <summary>Where the manifests of a run come from.</summary>
internal interface ISimArchitecture
{
    /// <summary>Every service that may be in one.</summary>
    string[] Names { get; }

    /// <summary>Whether a service is a pet.</summary>
    bool IsPet(string service);

    /// <summary>The next manifest. A bad one has a release that never becomes healthy (a major or a patch of 9).</summary>
    ArchitectureSpec Next(int number, bool good);
}
