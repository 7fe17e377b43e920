using System.Globalization;
using System.Text;

namespace Tutti.Cli.Tests.Solve;

/// <summary>Files as large as one likes: every release accepts the major version of each of its needs.</summary>
internal static class LargeFile
{
    public static string Json(int services, int releases, int needs)
    {
        var random = new Random(7);
        var text = new StringBuilder("{\"releases\": {\n");
        for (var service = 0; service < services; service++)
        {
            text.Append(CultureInfo.InvariantCulture, $"\"service-{service}\": {{");
            for (var release = 0; release < releases; release++)
            {
                text.Append(CultureInfo.InvariantCulture, $"\"{1 + (release / 10)}.{release % 10}.0\": {{");
                for (var need = 0; need < needs; need++)
                {
                    var provider = (service + 1 + (need * 7)) % services;
                    var low = random.Next(10);
                    text.Append(CultureInfo.InvariantCulture, $"\"service-{provider}\": \">={1 + (release / 10)}.{low} <{2 + (release / 10)}\"{(need == needs - 1 ? "" : ", ")}");
                }

                text.Append(release == releases - 1 ? "}" : "}, ");
            }

            text.Append(service == services - 1 ? "}\n" : "},\n");
        }

        return text.Append("}, \"request\": {\"service-0\": \"newest\"}}").ToString();
    }
}
