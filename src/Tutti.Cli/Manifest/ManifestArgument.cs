using System.CommandLine;
using Tutti.Cli.CommandLine;

namespace Tutti.Cli.Manifest;

/// <summary>The manifest that a command is about: <c>FILE</c>, or <c>-f FILE</c>.</summary>
internal sealed class ManifestArgument
{
    private readonly Argument<string?> _file = new("FILE") { Description = "The manifest", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _option = new("--file", "-f") { Description = "The same as FILE", HelpName = "FILE" };

    /// <summary>Adds both to a command, of which exactly one must be given.</summary>
    public void AddTo(Command command)
    {
        command.Add(_file);
        command.Add(_option);
        command.Validators.Add(result =>
        {
            var (file, option) = (result.GetResult(_file)?.Tokens.Count > 0, result.GetResult(_option)?.Tokens.Count > 0);
            if (file && option)
            {
                result.AddError("the manifest is named twice; give FILE, or -f FILE");
            }
            else if (!file && !option && result.GetResult(_option) is null or { Implicit: true })
            {
                result.AddError($"{_file.Name} is missing: {_file.Description}");
            }
        });
    }

    public string Of(Invocation invocation) => invocation.GetOptional(_file) ?? invocation.Get(_option)!;
}
