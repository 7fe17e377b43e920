using System.Globalization;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest.Shapes;
using Tutti.Model.Quantities;

namespace Tutti.Model.Manifest.Writing;

/// <summary>Writes one service.</summary>
internal static class ServiceWriter
{
    private static readonly HealthSpec _health = new();
    private static readonly UpdateSpec _update = new();
    private static readonly StopSpec _stop = new();
    private static readonly RecoverSpec _recover = new();

    public static void Write(YamlComposer yaml, ServiceSpec service)
    {
        yaml.Text("version", service.Version?.ToString());
        Choice(yaml, "criticality", service.Criticality, Criticality.Critical);
        yaml.Text("owner", service.Owner);
        Choice(yaml, "kind", service.Kind, ServiceKind.Cattle);
        if (service.Run is { } run)
        {
            SharedWriter.Run(yaml, run);
        }

        yaml.Section("external", () => yaml.Text("url", service.External?.Url), flow: true);
        WritePorts(yaml, service);
        SharedWriter.Env(yaml, service.Env);
        SharedWriter.Resources(yaml, service.Resources);
        WriteInstances(yaml, service.Instances);
        yaml.Plain("reversible", SharedWriter.Flag(service.Reversible, byDefault: true));
        WriteHealth(yaml, service.Health);
        SharedWriter.DependsOn(yaml, service.DependsOn);
        yaml.Texts("publishes", service.Publishes);
        yaml.Texts("subscribes", service.Subscribes);
        SharedWriter.Placement(yaml, service.Placement);
        WriteUpdate(yaml, service.Update);
        WriteScale(yaml, service.Scale);
        WriteStop(yaml, service);
    }

    private static void Choice<T>(YamlComposer yaml, string key, T value, T byDefault) where T : struct, Enum =>
        yaml.Text(key, ChoiceWords<T>.Of(value), ChoiceWords<T>.Of(byDefault));

    private static void WritePorts(YamlComposer yaml, ServiceSpec service) => yaml.Section("ports", () =>
    {
        foreach (var (name, port) in service.Ports)
        {
            yaml.Section(name, flow: true, keep: true, body: () =>
            {
                Choice(yaml, "protocol", port.Protocol, PortProtocol.Http);
                yaml.Plain("number", port.Number?.ToString(CultureInfo.InvariantCulture));
            });
        }
    });

    private static void WriteInstances(YamlComposer yaml, InstancesSpec instances)
    {
        if (instances.Min == instances.Max)
        {
            yaml.Plain("instances", SharedWriter.Number(instances.Min, 1));
            return;
        }

        yaml.Section("instances", flow: true, body: () =>
        {
            yaml.Plain("min", instances.Min.ToString(CultureInfo.InvariantCulture));
            yaml.Plain("max", instances.Max.ToString(CultureInfo.InvariantCulture));
        });
    }

    private static void WriteHealth(YamlComposer yaml, HealthSpec? health)
    {
        if (health is null)
        {
            return;
        }

        yaml.Section("health", () =>
        {
            yaml.Text("http", health.Http);
            yaml.Text("tcp", health.Tcp);
            yaml.Texts("exec", health.Exec);
            yaml.Text("port", health.Port);
            SharedWriter.Duration(yaml, "interval", health.Interval, _health.Interval);
            SharedWriter.Duration(yaml, "timeout", health.Timeout, _health.Timeout);
            yaml.Plain("failures", SharedWriter.Number(health.Failures, _health.Failures));
        });
    }

    private static void WriteUpdate(YamlComposer yaml, UpdateSpec update) => yaml.Section("update", () =>
    {
        Choice(yaml, "strategy", update.Strategy, UpdateStrategy.Rolling);
        yaml.Texts("steps", [.. update.Steps.Select(s => s.ToString(CultureInfo.InvariantCulture) + "%")]);
        SharedWriter.Duration(yaml, "hold", update.Hold, _update.Hold);
        yaml.Plain("maxSurge", SharedWriter.Number(update.MaxSurge, _update.MaxSurge));
        yaml.Plain("maxUnavailable", SharedWriter.Number(update.MaxUnavailable, _update.MaxUnavailable));
        SharedWriter.Duration(yaml, "minHealthyTime", update.MinHealthyTime, _update.MinHealthyTime);
        SharedWriter.Duration(yaml, "deadline", update.Deadline, _update.Deadline);
        yaml.Plain("autoRollback", SharedWriter.Flag(update.AutoRollback, _update.AutoRollback));
    });

    private static void WriteScale(YamlComposer yaml, ScaleSpec? scale)
    {
        if (scale is not null)
        {
            yaml.Section("scale", flow: true, body: () =>
            {
                yaml.Text("on", ChoiceWords<ScaleMeasure>.Of(scale.On));
                yaml.Text("target", scale.Target);
            });
        }
    }

    private static void WriteStop(YamlComposer yaml, ServiceSpec service)
    {
        yaml.Section("stop", flow: true, body: () =>
        {
            yaml.Text("signal", service.Stop.Signal, _stop.Signal);
            SharedWriter.Duration(yaml, "grace", service.Stop.Grace, _stop.Grace);
            SharedWriter.Duration(yaml, "drain", service.Stop.Drain, _stop.Drain);
        });
        yaml.Section("volumes", () =>
        {
            foreach (var (name, volume) in service.Volumes)
            {
                yaml.Section(name, () => yaml.Text("size", volume.Size.ToString(), byDefault: "0"), flow: true, keep: true);
            }
        });
        yaml.Section("recover", flow: true, body: () =>
        {
            var recover = service.Recover;
            yaml.Plain("restarts", SharedWriter.Number(recover.Restarts, _recover.Restarts));
            SharedWriter.Duration(yaml, "within", recover.Within, _recover.Within);
            yaml.Text("backoff", Backoff(recover), Backoff(_recover));
            yaml.Text("webhook", recover.Webhook);
        });
    }

    private static string Backoff(RecoverSpec recover) => $"{Durations.Format(recover.BackoffMin)}..{Durations.Format(recover.BackoffMax)}";
}
