using System.CommandLine;

namespace Tutti.Cli.CommandLine;

/// <summary>Whether a command that changes something waits until it runs as asked.</summary>
internal sealed class WaitChoice
{
    private readonly Option<bool> _wait = new("--wait") { Description = "Wait until it runs as asked (the default)" };
    private readonly Option<bool> _noWait = new("--no-wait") { Description = "Return as soon as it is accepted" };

    public void AddTo(Command command)
    {
        command.Add(_wait);
        command.Add(_noWait);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_wait) && result.GetValue(_noWait))
            {
                result.AddError("--wait and --no-wait exclude each other");
            }
        });
    }

    public bool Of(Invocation invocation) => !invocation.Get(_noWait);
}
