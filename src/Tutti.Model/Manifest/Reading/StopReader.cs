using Tutti.Model.Manifest.Shapes;

namespace Tutti.Model.Manifest.Reading;

/// <summary>Reads <c>stop</c> and <c>recover</c>.</summary>
internal static class StopReader
{
    private static readonly StopSpec _stop = new();
    private static readonly RecoverSpec _recover = new();

    public static StopSpec Read(SectionView stop) => new()
    {
        Signal = stop.Text("signal") ?? _stop.Signal,
        Grace = stop.Duration("grace", _stop.Grace),
        Drain = stop.Duration("drain", _stop.Drain),
    };

    public static RecoverSpec ReadRecover(SectionView recover)
    {
        if (!TextForms.TryBackoff(recover.Text("backoff") ?? "", out var shortest, out var longest))
        {
            (shortest, longest) = (_recover.BackoffMin, _recover.BackoffMax);
        }

        return new RecoverSpec
        {
            Restarts = recover.Number("restarts", _recover.Restarts),
            Within = recover.Duration("within", _recover.Within),
            BackoffMin = shortest,
            BackoffMax = longest,
            Webhook = recover.Text("webhook"),
        };
    }
}
