namespace Tutti.Model.Tests.Manifest;

/// <summary>The exact message of every rule about a single value. Each line is added to a service called a, at line 7.</summary>
public sealed class ShapeMessageTests
{
    [Theory]
    [InlineData("unknown-key", "criticalty: critical", "services.a has no key 'criticalty'; did you mean 'criticality'?", "criticality")]
    [InlineData("unknown-key", "stop: { wait: 1s }", "services.a.stop has no key 'wait'; it may have signal, grace, drain", null)]
    [InlineData("wrong-type", "owner: [a]", "services.a.owner is a list, but must be text that is not empty", null)]
    [InlineData("wrong-type", "owner:", "services.a.owner is nothing, but must be text that is not empty", null)]
    [InlineData("wrong-type", "env: { A: }", "services.a.env.A is nothing (write \"\" for empty text), but must be text", null)]
    [InlineData("wrong-type", "reversible: yes", "services.a.reversible is 'yes', but must be true or false; did you mean 'true'?", "true")]
    [InlineData("wrong-type", "reversible: \"true\"", "services.a.reversible is 'true' in quotes, but must be true or false; did you mean 'true'?", "true")]
    [InlineData("wrong-type", "placement: ssd", "services.a.placement is 'ssd', but must be a map of constraints, spread", null)]
    [InlineData("wrong-type", "publishes: orders", "services.a.publishes is 'orders', but must be a list, each a DNS label: lower-case letters, digits and '-', at most 63, no '-' at either end; did you mean '[orders]'?", "[orders]")]
    [InlineData("unknown-value", "criticality: crtical", "services.a.criticality is 'crtical', but must be one of critical-plus, critical, sheddable-plus, sheddable; did you mean 'critical'?", "critical")]
    [InlineData("unknown-value", "kind: horse", "services.a.kind is 'horse', but must be one of cattle, pet", null)]
    [InlineData("unknown-value", "stop: { signal: SIGTREM }", "services.a.stop.signal is 'SIGTREM', but must be one of SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1, SIGUSR2, SIGKILL; did you mean 'SIGTERM'?", "SIGTERM")]
    [InlineData("bad-number", "instances: many", "services.a.instances is 'many', but must be a whole number from 0 to 1000000", null)]
    [InlineData("bad-number", "instances: 1000001", "services.a.instances is '1000001', but must be a whole number from 0 to 1000000", null)]
    [InlineData("bad-number", "instances: \"2\"", "services.a.instances is '2' in quotes, but must be a whole number from 0 to 1000000", null)]
    [InlineData("bad-number", "ports: { http: { number: 70000 } }", "services.a.ports.http.number is '70000', but must be a whole number from 1 to 65535", null)]
    [InlineData("bad-name", "ports: { HTTP_Port: {} }", "the name 'HTTP_Port' in services.a.ports must be a DNS label: lower-case letters, digits and '-', at most 63, no '-' at either end; did you mean 'http-port'?", "http-port")]
    [InlineData("bad-name", "env: { 1A: x }", "the name '1A' in services.a.env must be a variable's name: letters, digits, '_', '.' and '-', no digit first", null)]
    [InlineData("bad-duration", "stop: { grace: 10 }", "services.a.stop.grace is '10', but must be a duration such as 500ms, 2s, 5m or 1h; did you mean '10s'?", "10s")]
    [InlineData("bad-duration", "stop: { grace: 2 min }", "services.a.stop.grace is '2 min', but must be a duration such as 500ms, 2s, 5m or 1h; did you mean '2m'?", "2m")]
    [InlineData("bad-duration", "update: { deadline: 0s }", "services.a.update.deadline is '0s', but must be a duration above zero such as 500ms, 2s, 5m or 1h", null)]
    [InlineData("bad-size", "resources: { memory: 128MB }", "services.a.resources.memory is '128MB', but must be a size such as 128Mi, 10Gi or 512Ki; did you mean '128Mi'?", "128Mi")]
    [InlineData("bad-cpu", "resources: { cpu: half }", "services.a.resources.cpu is 'half', but must be cpu such as 250m or 0.25", null)]
    [InlineData("bad-percentage", "update: { canary: { steps: [10] } }", "services.a.update.canary.steps[0] is '10', but must be a percentage from 1% to 100%; did you mean '10%'?", "10%")]
    [InlineData("bad-backoff", "recover: { backoff: 1m..1s }", "services.a.recover.backoff is '1m..1s', but must be two durations above zero such as 1s..1m, the shorter first", null)]
    [InlineData("bad-url", "recover: { webhook: example.org }", "services.a.recover.webhook is 'example.org', but must be an absolute http or https URL", null)]
    [InlineData("bad-constraint", "placement: { constraints: [disk is ssd] }", "services.a.placement.constraints[0] is 'disk is ssd', but must be a constraint such as disk = ssd, disk != hdd, zone in a,b, zone not in a,b or gpu exists", null)]
    [InlineData("bad-label", "placement: { spread: my zone }", "services.a.placement.spread is 'my zone', but must be a node label such as zone", null)]
    [InlineData("bad-target", "scale: { on: cpu, target: lots }\ninstances: { max: 2 }", "services.a.scale.target is 'lots', but must be a target such as 70%, 100 or 200ms", null)]
    [InlineData("bad-text", "env: { A: \"a\\0b\" }", "services.a.env.A is text that no program can be given, but must be text without NUL and without half a surrogate pair", null)]
    public void A_value_of_the_wrong_form(string rule, string line, string message, string? suggestion)
    {
        var problem = Reading.Only(Reading.Service(line));

        Assert.Equal((rule, message, suggestion, 7), (problem.Rule, problem.Message, problem.Suggestion, problem.Line));
        Assert.Equal("m.yaml", problem.File);
        Assert.StartsWith("services.a.", problem.Path);
    }

    [Theory]
    [InlineData("api-version", "apiVersion: tutti/v2\narchitecture: a\nservices: {}", "apiVersion is 'tutti/v2', but must be tutti/v1; did you mean 'tutti/v1'?")]
    [InlineData("missing-key", "architecture: a\nservices: {}", "the manifest needs the key 'apiVersion': tutti/v1")]
    [InlineData("missing-key", "apiVersion: tutti/v1\nservices: {}", "the manifest needs the key 'architecture': a DNS label: lower-case letters, digits and '-', at most 63, no '-' at either end")]
    [InlineData("bad-name", "apiVersion: tutti/v1\narchitecture: My Shop\nservices: {}", "architecture is 'My Shop', but must be a DNS label: lower-case letters, digits and '-', at most 63, no '-' at either end; did you mean 'my-shop'?")]
    [InlineData("unknown-key", "apiVersion: tutti/v1\narchitecture: a\nservices: {}\nroute: []", "the manifest has no key 'route'; did you mean 'routes'?")]
    [InlineData("bad-version", "apiVersion: tutti/v1\narchitecture: a\nservices: { b: { version: 1.2, run: { image: b } } }", "services.b.version is '1.2', but must be a version such as 1.2.0 (SemVer 2); did you mean '1.2.0'?")]
    [InlineData("bad-digest", "apiVersion: tutti/v1\narchitecture: a\nservices: { b: { version: 1.2.0, run: { command: [b], digest: abc } } }", "services.b.run.digest is 'abc', but must be sha256: and 64 lower-case hex digits")]
    [InlineData("wrong-type", "apiVersion: tutti/v1\narchitecture: a\nservices: { b: { version: 1.2.0, run: { command: [] } } }", "services.b.run.command is empty, but must be a list of at least 1, each text")]
    [InlineData("bad-url", "apiVersion: tutti/v1\narchitecture: a\nservices: { b: { external: { url: \"ftp://b\" } } }", "services.b.external.url is 'ftp://b', but must be an absolute http, https or tcp URL")]
    [InlineData("wrong-type", "[1]", "the manifest is a list, but must be a map of apiVersion, architecture, strict, defaults, services, routes, topics, jobs, workflows")]
    [InlineData("missing-key", "apiVersion: tutti/v1\narchitecture: a\nservices: { b: { version: 1.0.0, run: { image: b }, instances: {max: 2}, scale: { target: 5% } } }", "services.b.scale needs the key 'on': one of cpu, memory, requests, latency, concurrency")]
    [InlineData("unknown-key", "apiVersion: tutti/v1\narchitecture: a\nservices: {}\ntopics: { orders: { size: 1 } }", "topics.orders has no key 'size'; it has no keys")]
    [InlineData("bad-path", "apiVersion: tutti/v1\narchitecture: a\nservices: { b: { version: 1.0.0, ports: {http: {}}, run: { image: b } } }\nroutes: [{ path: api, to: b }]", "routes[0].path is 'api', but must be a path that begins with '/'; did you mean '/api'?")]
    [InlineData("bad-host", "apiVersion: tutti/v1\narchitecture: a\nservices: { b: { version: 1.0.0, ports: {http: {}}, run: { image: b } } }\nroutes: [{ host: \"http://x\", to: b }]", "routes[0].host is 'http://x', but must be a host name such as shop.example.org or *.example.org, without scheme and port")]
    [InlineData("bad-range", "apiVersion: tutti/v1\narchitecture: a\nservices: { b: { version: 1.0.0, run: { image: b }, ports: {http: {}} }, c: { version: 1.0.0, run: { image: c }, dependsOn: { b: { accepts: latest } } } }", "services.c.dependsOn.b.accepts is 'latest', but must be a version range such as >=2.2 <3, ^1 or ~1.4")]
    public void A_document_of_the_wrong_form(string rule, string yaml, string message)
    {
        var problem = Reading.Only(yaml);

        Assert.Equal((rule, message), (problem.Rule, problem.Message));
        Assert.True(problem.Line > 0 && problem.Column > 0);
    }

    [Theory]
    [InlineData("bad-cron", "cron: \"0 2 * *\"", "jobs.j.schedule.cron is '0 2 * *', but must be five cron fields: minute, hour, day of month, month, day of week (it has 4 fields, not five)")]
    [InlineData("bad-cron", "cron: \"60 2 * * *\"", "jobs.j.schedule.cron is '60 2 * * *', but must be five cron fields: minute, hour, day of month, month, day of week ('60' is no minute, which is *, a number from 0 to 59, a range or a list, each with an optional /step)")]
    [InlineData("bad-cron", "cron: \"0 2 1 * 1\"", "jobs.j.schedule.cron is '0 2 1 * 1', but must be five cron fields: minute, hour, day of month, month, day of week (day of month and day of week are both restricted; leave one of them *)")]
    [InlineData("bad-cron", "cron: \"0 2 31 2 *\"", "jobs.j.schedule.cron is '0 2 31 2 *', but must be five cron fields: minute, hour, day of month, month, day of week (no such day ever comes)")]
    [InlineData("bad-timezone", "cron: \"0 2 * * *\", timezone: Europe/Berlim", "jobs.j.schedule.timezone is 'Europe/Berlim', but must be an IANA time zone such as Europe/Berlin; did you mean 'Europe/Berlin'?")]
    [InlineData("bad-timezone", "cron: \"0 2 * * *\", timezone: ../../etc/passwd", "jobs.j.schedule.timezone is '../../etc/passwd', but must be an IANA time zone such as Europe/Berlin")]
    public void A_schedule_of_the_wrong_form(string rule, string schedule, string message)
    {
        var problem = Reading.Only(Reading.Top($"jobs:\n  j: {{ run: {{ command: [j] }}, schedule: {{ {schedule} }} }}"));

        Assert.Equal((rule, message, 8), (problem.Rule, problem.Message, problem.Line));
    }
}
