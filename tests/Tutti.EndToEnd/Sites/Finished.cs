using System.Text.Json;
using Tutti.Model;

namespace Tutti.EndToEnd.Sites;

/// <summary>A command that has ended.</summary>
internal sealed record Finished(string Command, int Code, string Out, string Error)
{
    /// <summary>Fails the test unless it ended with this code.</summary>
    public Finished Expect(int code)
    {
        Assert.True(Code == code, $"'{Command}' ended with {Code}, not {code}:\n{Out}{Error}");
        return this;
    }

    /// <summary>What <c>-o json</c> printed.</summary>
    public T Json<T>() => JsonSerializer.Deserialize<T>(Expect(0).Out, TuttiJson.Options)!;
}
