using System.Globalization;
using System.Text.RegularExpressions;
using Tutti.Model.Quantities;
using Tutti.Model.Versions;

namespace Tutti.Model.Manifest.Shapes;

/// <summary>The forms of text that a manifest knows.</summary>
internal static partial class TextForms
{
    /// <summary>Any text, also none.</summary>
    public static readonly TextForm Any = new("bad-text", "text", null, _ => null) { MayBeNumber = true };

    public static readonly TextForm Filled = Of("bad-text", "text that is not empty", @"[^\s]", t => !string.IsNullOrWhiteSpace(t)) with { MayBeNumber = true };

    public static readonly TextForm ApiVersion = Of("api-version", "tutti/v1", "^tutti/v1$", t => t == "tutti/v1") with { Suggest = _ => "tutti/v1" };

    public static readonly TextForm Label =
        Of("bad-name", "a DNS label: lower-case letters, digits and '-', at most 63, no '-' at either end", "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", IsLabel) with
        {
            Suggest = t => t.Trim().ToLowerInvariant().Replace('_', '-').Replace('.', '-').Replace(' ', '-') is var label && IsLabel(label) ? label : null,
        };

    public static readonly TextForm EnvName =
        Of("bad-name", "a variable's name: letters, digits, '_', '.' and '-', no digit first", "^[A-Za-z_][A-Za-z0-9_.-]*$", t => EnvNamePattern().IsMatch(t));

    public static readonly TextForm Version =
        Of("bad-version", "a version such as 1.2.0 (SemVer 2)",
            @"^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$",
            t => ReleaseVersion.TryParse(t, out _)) with
        { Suggest = NearestVersion };

    public static readonly TextForm Range =
        Of("bad-range", "a version range such as >=2.2 <3, ^1 or ~1.4", @"^[0-9A-Za-zxX*.+\-<>=~^| \t]*$", t => VersionRange.TryParse(t, out _)) with { MayBeNumber = true };

    public static readonly TextForm Duration =
        Of("bad-duration", "a duration such as 500ms, 2s, 5m or 1h", "^[0-9]+(ms|s|m|h)$", t => Durations.TryParse(t, out _)) with { Suggest = NearestDuration };

    public static readonly TextForm PositiveDuration =
        Of("bad-duration", "a duration above zero such as 500ms, 2s, 5m or 1h", "^[0-9]+(ms|s|m|h)$",
            t => Durations.TryParse(t, out var d) && d > TimeSpan.Zero) with
        { Suggest = NearestDuration };

    public static readonly TextForm Size =
        Of("bad-size", "a size such as 128Mi, 10Gi or 512Ki", @"^[0-9]+(\.[0-9]+)?(Ki|Mi|Gi|Ti)?$",
            t => ByteSize.TryParse(t, out _)) with
        { Suggest = NearestSize, MayBeNumber = true };

    public static readonly TextForm Cpu =
        Of("bad-cpu", "cpu such as 250m or 0.25", @"^([0-9]+m|[0-9]+(\.[0-9]+)?)$", t => Quantities.Cpu.TryParse(t, out _)) with { MayBeNumber = true };

    public static readonly TextForm Percent =
        Of("bad-percentage", "a percentage from 1% to 100%", "^([1-9][0-9]?|100)%$", t => TryPercent(t, out _)) with
        { Suggest = t => TryPercent(t + "%", out _) ? t + "%" : null };

    public static readonly TextForm Digest =
        Of("bad-digest", "sha256: and 64 lower-case hex digits", "^sha256:[0-9a-f]{64}$", t => DigestPattern().IsMatch(t));

    public static readonly TextForm Backoff =
        new("bad-backoff", "two durations above zero such as 1s..1m, the shorter first", @"^[0-9]+(ms|s|m|h)\.\.[0-9]+(ms|s|m|h)$", t => TryBackoff(t, out _, out _) ? null : "");

    public static readonly TextForm HttpPath = Of("bad-path", "a path that begins with '/'", @"^/[^\s]*$", t => HttpPathPattern().IsMatch(t)) with
    {
        Suggest = t => HttpPathPattern().IsMatch("/" + t) ? "/" + t : null,
    };

    public static readonly TextForm Host =
        Of("bad-host", "a host name such as shop.example.org or *.example.org, without scheme and port",
            @"^(\*\.)?[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$", t => t.Length <= 253 && HostPattern().IsMatch(t));

    public static readonly TextForm ServiceUrl =
        Of("bad-url", "an absolute http, https or tcp URL", "^(http|https|tcp)://[^\\s]+$", t => IsUrl(t, "http", "https", "tcp"));

    public static readonly TextForm Webhook = Of("bad-url", "an absolute http or https URL", "^(http|https)://[^\\s]+$", t => IsUrl(t, "http", "https"));

    public static readonly TextForm NodeLabel = Of("bad-label", "a node label such as zone", "^[A-Za-z0-9][A-Za-z0-9._/-]*$", t => NodeLabelPattern().IsMatch(t));

    public static readonly TextForm Constraint =
        Of("bad-constraint", "a constraint such as disk = ssd, disk != hdd, zone in a,b, zone not in a,b or gpu exists", null, t => ConstraintSyntax.TryParse(t, out _));

    public static readonly TextForm Target =
        Of("bad-target", "a target such as 70%, 100 or 200ms", @"^([0-9]+%|[0-9]+(\.[0-9]+)?|[0-9]+(ms|s|m|h))$", t => TargetPattern().IsMatch(t)) with { MayBeNumber = true };

    public static readonly TextForm Cron =
        new("bad-cron", "five cron fields: minute, hour, day of month, month, day of week", @"^\S+(\s+\S+){4}$", t => CronSyntax.TryToQuartz(t, out _, out var fault) ? null : fault);

    public static readonly TextForm Timezone = new("bad-timezone", "an IANA time zone such as Europe/Berlin", @"^[A-Za-z0-9_+\-/]+$", Timezones.Fault) { Suggest = Timezones.Nearest };

    public static bool TryPercent(string text, out int percent)
    {
        percent = 0;
        return text.EndsWith('%')
            && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out percent)
            && percent is >= 1 and <= 100;
    }

    public static bool TryBackoff(string text, out TimeSpan shortest, out TimeSpan longest)
    {
        var dots = text.IndexOf("..", StringComparison.Ordinal);
        (shortest, longest) = (default, default);
        return dots > 0
            && Durations.TryParse(text[..dots], out shortest)
            && Durations.TryParse(text[(dots + 2)..], out longest)
            && shortest > TimeSpan.Zero
            && shortest <= longest;
    }

    private static TextForm Of(string rule, string expected, string? pattern, Func<string, bool> accepts) =>
        new(rule, expected, pattern, text => accepts(text) ? null : "");

    private static bool IsLabel(string text) => text.Length <= 63 && LabelPattern().IsMatch(text);

    private static bool IsUrl(string text, params ReadOnlySpan<string> schemes) =>
        !text.Any(char.IsWhiteSpace) && Uri.TryCreate(text, UriKind.Absolute, out var url) && schemes.Contains(url.Scheme) && url.Host.Length > 0;

    private static string? NearestVersion(string text)
    {
        var bare = text.Trim().TrimStart('v', 'V', '=');
        return new[] { bare, bare + ".0", bare + ".0.0" }.FirstOrDefault(v => ReleaseVersion.TryParse(v, out _));
    }

    private static string? NearestDuration(string text)
    {
        var parts = NumberAndWord().Match(text.Trim().ToLowerInvariant());
        var unit = parts.Groups[2].Value switch
        {
            "" or "sec" or "secs" or "second" or "seconds" or "s" => "s",
            "msec" or "millis" or "milliseconds" or "ms" => "ms",
            "min" or "mins" or "minute" or "minutes" or "m" => "m",
            "hr" or "hrs" or "hour" or "hours" or "h" => "h",
            _ => null,
        };
        return parts.Success && unit is not null && Durations.TryParse(parts.Groups[1].Value + unit, out var d) && d > TimeSpan.Zero ? parts.Groups[1].Value + unit : null;
    }

    private static string? NearestSize(string text)
    {
        var parts = NumberAndWord().Match(text.Trim().ToLowerInvariant());
        var unit = parts.Groups[2].Value switch
        {
            "k" or "kb" or "kib" or "ki" => "Ki",
            "m" or "mb" or "mib" or "mi" => "Mi",
            "g" or "gb" or "gib" or "gi" => "Gi",
            "t" or "tb" or "tib" or "ti" => "Ti",
            _ => null,
        };
        return parts.Success && unit is not null ? parts.Groups[1].Value + unit : null;
    }

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]*[a-z0-9])?\z")]
    private static partial Regex LabelPattern();

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_.-]*\z")]
    private static partial Regex EnvNamePattern();

    [GeneratedRegex(@"^sha256:[0-9a-f]{64}\z")]
    private static partial Regex DigestPattern();

    [GeneratedRegex(@"^/\S*\z")]
    private static partial Regex HttpPathPattern();

    [GeneratedRegex(@"^(\*\.)?[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*\z")]
    private static partial Regex HostPattern();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._/-]*\z")]
    private static partial Regex NodeLabelPattern();

    [GeneratedRegex(@"^([0-9]+%|[0-9]+(\.[0-9]+)?|[0-9]+(ms|s|m|h))\z")]
    private static partial Regex TargetPattern();

    [GeneratedRegex(@"^([0-9]+) *([a-z]*)\z")]
    private static partial Regex NumberAndWord();
}
