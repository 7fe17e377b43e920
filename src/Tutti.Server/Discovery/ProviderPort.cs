using Tutti.Model.Manifest;

namespace Tutti.Server.Discovery;

/// <summary>A port as its consumers see it.</summary>
internal readonly record struct ProviderPort(string Name, PortProtocol Protocol)
{
    /// <summary>The one port of a service that Tutti does not run: as declared, else named after what its URL speaks.</summary>
    public static ProviderPort OfExternal(ServiceSpec spec, Uri url)
    {
        var protocol = url.Scheme is "http" or "https" ? PortProtocol.Http : PortProtocol.Tcp;
        return spec.Ports.Count > 0
            ? new ProviderPort(spec.Ports.First().Key, spec.Ports.First().Value.Protocol)
            : new ProviderPort(protocol == PortProtocol.Http ? "http" : "tcp", protocol);
    }
}
