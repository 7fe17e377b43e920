using System.Text.Json;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Tests.Fakes;

namespace Tutti.Cli.Tests.Manifest;

public sealed class ValidateTests
{
    [Fact]
    public async Task Every_problem_is_printed_with_its_place()
    {
        using var folder = new TempFolder();
        var file = folder.Write("a.yaml", "error no such key 'servics'\nwarning web depends on less\nerror cycle\n");
        using var run = new CliRun();
        Assert.Equal(ExitCode.BadInput, await run.RunAsync("validate", file));
        Assert.Equal($"{file}:1:3: error: no such key 'servics'\n{file}:2:3: warning: web depends on less\n{file}:3:3: error: cycle\n", run.Out);
        Assert.Equal($"{file}: 2 errors, 1 warning\n", run.Error);
    }

    [Fact]
    public async Task A_valid_one_is_said_to_be()
    {
        using var folder = new TempFolder();
        var file = folder.Write("a.yaml", "web\ncart\n");
        using var run = new CliRun();
        Assert.Equal(ExitCode.Done, await run.RunAsync("validate", file));
        Assert.Equal($"{file} is valid: architecture shop, 2 services\n", run.Out);
    }

    [Fact]
    public async Task Json_lists_the_problems()
    {
        using var folder = new TempFolder();
        var file = folder.Write("a.yaml", "error one\n");
        using var run = new CliRun();
        Assert.Equal(ExitCode.BadInput, await run.RunAsync("validate", file, "-o", "json"));
        var problem = JsonDocument.Parse(run.Out).RootElement[0];
        Assert.Equal(("one", 1, "error"), (problem.GetProperty("message").GetString(), problem.GetProperty("line").GetInt32(), problem.GetProperty("severity").GetString()));
        Assert.Empty(run.Error);
    }

    [Theory]
    [InlineData("validate")]
    [InlineData("apply")]
    [InlineData("plan")]
    [InlineData("up")]
    public async Task A_missing_file_or_a_folder_is_bad_input(string command)
    {
        using var folder = new TempFolder();
        using var run = new CliRun();
        Assert.Equal(ExitCode.BadInput, await run.RunAsync(command, folder.In("none.yaml")));
        Assert.Equal($"error: there is no file {folder.In("none.yaml")}\n", run.Error);
        Assert.Equal(ExitCode.BadInput, await run.RunAsync(command, folder.Path));
        Assert.EndsWith("is a folder; name the manifest in it\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schema_is_printed()
    {
        using var run = new CliRun();
        run.Rooms = run.Rooms with { ManifestSchema = () => "{\"title\":\"Tutti\"}\n" };
        Assert.Equal(ExitCode.Done, await run.RunAsync("schema"));
        Assert.Equal("{\"title\":\"Tutti\"}\n", run.Out);
    }
}
