namespace Tutti.Model.Manifest.Reading;

/// <summary>Reads one job.</summary>
internal static class JobReader
{
    public static JobSpec Read(SectionView job) => new()
    {
        Run = RunReader.Read(job.Section("run")),
        Schedule = job.Has("schedule") ? ReadSchedule(job.Section("schedule")) : null,
        Env = job.NamedTexts("env"),
        Resources = ResourceReader.Read(job.Section("resources")),
        Placement = ResourceReader.ReadPlacement(job.Section("placement")),
        DependsOn = DependencyReader.Read(job),
        Retries = job.Number("retries", 0),
        Timeout = job.OptionalDuration("timeout"),
        After = job.Texts("after"),
    };

    private static ScheduleSpec ReadSchedule(SectionView schedule) => new()
    {
        Cron = schedule.Text("cron") ?? "",
        Timezone = schedule.Text("timezone") ?? "UTC",
        Overlap = schedule.Choice("overlap", OverlapPolicy.Forbid),
        CatchUp = schedule.Number("catchUp", 0),
    };
}
