using System.Text;

namespace Tutti.EndToEnd.Sites;

/// <summary>Everything one needs in order to understand a failed test: what every process said, the journal, the instances' logs.</summary>
internal static class SiteReport
{
    private const int LinesOfChild = 60;
    private const int LinesOfInstance = 12;

    public static async Task<string> WriteAsync(Site site)
    {
        var report = new StringBuilder();
        foreach (var child in site.Children)
        {
            Section(report, $"{child.Name}, pid {child.Pid}, {(child.HasEnded ? "ended" : "runs")}", child.Said(), LinesOfChild);
        }

        foreach (var (title, words) in (IEnumerable<(string, string[])>)
            [("services", ["ps"]), ("instances", ["instances"]), ("nodes", ["nodes"]), ("operations", ["operations"]), ("events", ["events", "--limit", "80"])])
        {
            var answer = await site.RunAsync(words);
            Section(report, title, answer.Out + answer.Error, 100);
        }

        Section(report, "processes", string.Join('\n', LiveProcess.Below(site.Root).Select(each => $"{each.Pid} {each.Instance} {each.Folder}")), 100);
        foreach (var log in Directory.EnumerateFiles(site.Root, "*", SearchOption.AllDirectories)
            .Where(path => path.Contains("/agent/logs/", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            Section(report, Path.GetRelativePath(site.Root, log), await File.ReadAllTextAsync(log), LinesOfInstance);
        }

        return report.ToString();
    }

    private static void Section(StringBuilder report, string title, string text, int lines)
    {
        report.Append("\n== ").AppendLine(title);
        report.AppendJoin('\n', text.TrimEnd().Split('\n').TakeLast(lines)).AppendLine();
    }
}
