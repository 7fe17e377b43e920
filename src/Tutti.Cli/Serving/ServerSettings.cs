using System.CommandLine;
using Tutti.Cli.Client;
using Tutti.Cli.CommandLine;
using Tutti.Server;

namespace Tutti.Cli.Serving;

/// <summary>The options of a server, the same for <c>up</c> and <c>server</c>.</summary>
internal sealed class ServerSettings
{
    private readonly Option<string> _listen = new("--listen")
    {
        Description = "Address of the API; port 0 picks a free one",
        HelpName = "ADDRESS",
        DefaultValueFactory = _ => "127.0.0.1:7420",
    };

    private readonly Option<string> _dns = new("--dns")
    {
        Description = "Address of DNS, or off",
        HelpName = "ADDRESS",
        DefaultValueFactory = _ => "127.0.0.1:8600",
    };

    public void AddTo(Command command)
    {
        command.Add(_listen);
        command.Add(_dns);
    }

    public ServerOptions Read(Invocation invocation)
    {
        var dns = invocation.Get(_dns)!;
        if (dns != "off" && !System.Net.IPEndPoint.TryParse(dns, out _))
        {
            throw CliException.BadInput($"--dns {dns}: give an address and port such as 127.0.0.1:8600, or off");
        }

        return new ServerOptions
        {
            DataFolder = invocation.DataFolder,
            Listen = ServerLocator.ParseUrl(invocation.Get(_listen)!).GetLeftPart(UriPartial.Authority),
            Dns = dns == "off" ? null : dns,
        };
    }
}
