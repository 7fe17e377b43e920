namespace Tutti.Model.Manifest;

/// <summary>The one rule for a port that nobody named: <c>http</c>, or the only one.</summary>
public static class PortChoice
{
    /// <summary>The name of the port that is meant; null where the service has no such port, or several and none of them <c>http</c>.</summary>
    /// <param name="service">Whose port.</param>
    /// <param name="port">Its name; null where nobody named it.</param>
    public static string? Of(ServiceSpec service, string? port)
    {
        if (port is not null)
        {
            return service.Ports.ContainsKey(port) ? port : null;
        }

        return service.Ports.ContainsKey("http") ? "http" : service.Ports.Count == 1 ? service.Ports.Keys.First() : null;
    }
}
