using Tutti.EndToEnd.Sites;

namespace Tutti.EndToEnd.Chaos;

/// <summary>Applies one manifest after the other and keeps what was acknowledged.</summary>
internal sealed class Applies(Site site, ShopManifest[] manifests)
{
    private readonly List<(int Set, string Message)> _acknowledged = [];
    private int _number;

    /// <summary>Every version set that a command said is accepted.</summary>
    public IReadOnlyList<(int Set, string Message)> Acknowledged => _acknowledged;

    /// <summary>Alternates until told to end: each waits until it runs, or for as long as the server lives.</summary>
    public async Task RunAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            await OneAsync(_number % manifests.Length, wait: _number % 3 == 0);
        }
    }

    /// <summary>Once more, until it is acknowledged; returns the version of web in it.</summary>
    public async Task<string> LastAsync()
    {
        var (which, before) = (_number % manifests.Length, _acknowledged.Count);
        await Until.NoProblemAsync("the last manifest is acknowledged", async () =>
        {
            var answer = await OneAsync(which, wait: false);
            return _acknowledged.Count > before || answer.Code == 0 ? null : answer.Out + answer.Error;
        });
        return which == 0 ? "1.1.0" : "1.2.0";
    }

    private async Task<Finished> OneAsync(int which, bool wait)
    {
        var message = $"change {++_number}";
        var answer = await site.RunAsync("apply", site.Write(manifests[which], $"manifest-{which}.yaml"), "-m", message, wait ? "--wait" : "--no-wait");
        const string accepted = "version set ";
        var at = answer.Out.IndexOf(accepted, StringComparison.Ordinal);
        if (at >= 0 && answer.Out.Contains("is accepted", StringComparison.Ordinal))
        {
            var number = answer.Out[(at + accepted.Length)..].Split(' ')[0];
            _acknowledged.Add((int.Parse(number, System.Globalization.CultureInfo.InvariantCulture), message));
        }

        return answer;
    }
}
