using Tutti.Model.Manifest.Shapes;
using Tutti.Model.Manifest.Writing;

namespace Tutti.Model.Manifest;

/// <summary>Writes an architecture as a manifest that reads back to the same; what is as by default is left out.</summary>
public static class ManifestWriter
{
    /// <summary>The manifest as YAML, keys in the order of the documentation.</summary>
    public static string Write(ArchitectureSpec spec)
    {
        var yaml = new YamlComposer();
        yaml.Text("apiVersion", "tutti/v1");
        yaml.Text("architecture", spec.Name);
        yaml.Plain("strict", spec.Strict ? "true" : null);
        yaml.Section("services", keep: true, body: () =>
        {
            foreach (var (name, service) in spec.Services)
            {
                yaml.Section(name, () => ServiceWriter.Write(yaml, service), keep: true);
            }
        });
        yaml.Maps("routes", spec.Routes, route =>
        {
            yaml.Text("host", route.Host);
            yaml.Text("path", route.Path, byDefault: "/");
            yaml.Text("to", route.To);
            yaml.Text("port", route.Port);
        });
        yaml.Section("topics", () =>
        {
            foreach (var name in spec.Topics.Keys)
            {
                yaml.Section(name, () => { }, flow: true, keep: true);
            }
        });
        yaml.Section("jobs", () =>
        {
            foreach (var (name, job) in spec.Jobs)
            {
                yaml.Section(name, () => WriteJob(yaml, job));
            }
        });
        yaml.Texts("workflows", spec.Workflows);
        return yaml.Finish();
    }

    private static void WriteJob(YamlComposer yaml, JobSpec job)
    {
        SharedWriter.Run(yaml, job.Run);
        if (job.Schedule is { } schedule)
        {
            yaml.Section("schedule", flow: true, body: () =>
            {
                yaml.Text("cron", schedule.Cron);
                yaml.Text("timezone", schedule.Timezone, byDefault: "UTC");
                yaml.Text("overlap", ChoiceWords<OverlapPolicy>.Of(schedule.Overlap), ChoiceWords<OverlapPolicy>.Of(OverlapPolicy.Forbid));
                yaml.Plain("catchUp", SharedWriter.Number(schedule.CatchUp, 0));
            });
        }

        SharedWriter.Env(yaml, job.Env);
        SharedWriter.Resources(yaml, job.Resources);
        SharedWriter.Placement(yaml, job.Placement);
        SharedWriter.DependsOn(yaml, job.DependsOn);
        yaml.Plain("retries", SharedWriter.Number(job.Retries, 0));
        yaml.Text("timeout", job.Timeout is { } timeout ? Quantities.Durations.Format(timeout) : null);
        yaml.Texts("after", job.After);
    }
}
