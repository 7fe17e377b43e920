using Tutti.Model.Manifest;
using Tutti.Model.Problems;

namespace Tutti.Model.Tests.Manifest;

/// <summary>The exact message of every rule about how values fit together.</summary>
public sealed class RuleMessageTests
{
    [Theory]
    [InlineData("missing-version", "b: { run: { image: b } }", "services.b has no version; give it one such as 1.0.0")]
    [InlineData("run-choice", "b: { version: 1.0.0 }", "services.b says neither how it is run nor where it is; give it 'run' or 'external'")]
    [InlineData("run-choice", "b: { version: 1.0.0, run: { image: b }, external: { url: \"http://b\" } }", "services.b has both run and external; keep one of them")]
    [InlineData("run-choice", "b: { version: 1.0.0, run: { image: b, command: [b] } }", "services.b.run has both command and image; keep one of them")]
    [InlineData("run-choice", "b: { version: 1.0.0, run: { user: b } }", "services.b.run has neither command nor image; give it one of them")]
    [InlineData("external-key", "b: { external: { url: \"tcp://b:1\" }, instances: 2 }", "services.b is external, so 'instances' has no meaning; remove it")]
    public void Ways_to_run(string rule, string services, string message) => AssertOnly(rule, Reading.Services(services), message, 4);

    [Theory]
    [InlineData("health-choice", "health: { interval: 1s }", "services.a.health has no probe; give it one of http, tcp and exec")]
    [InlineData("health-choice", "health: { http: /, exec: [x] }\nports: { http: {} }", "services.a.health has http and exec; keep one of them")]
    [InlineData("health-choice", "health: { tcp: http, port: http }\nports: { http: {} }", "services.a.health.port belongs to an http probe; remove it (a tcp probe names its port itself)")]
    [InlineData("unknown-port", "health: { http: / }", "services.a.health has an http probe, but a declares no port; add one under services.a.ports")]
    [InlineData("unknown-port", "health: { http: / }\nports: { x: {}, y: {} }", "services.a.health has an http probe, but a has several ports and none is 'http'; say which with port: x or y")]
    [InlineData("unknown-port", "health: { http: /, port: htp }\nports: { http: {} }", "services.a.health asks the port 'htp', which a does not declare; did you mean 'http'?")]
    [InlineData("unknown-port", "health: { tcp: sql }\nports: { http: {} }", "services.a.health asks the port 'sql', which a does not declare; add it under services.a.ports")]
    [InlineData("update-stands-still", "update: { maxSurge: 0 }", "services.a.update allows neither an instance more (maxSurge: 0) nor one fewer (maxUnavailable: 0), so no update could move; raise one of them to at least 1")]
    [InlineData("update-choice", "update: { strategy: rolling, steps: [10%] }", "services.a.update.steps belongs to strategy: canary, but the strategy is rolling; remove it, or choose canary")]
    [InlineData("update-choice", "update: { canary: { steps: [10%] }, hold: 3s }", "services.a.update.hold stands beside the canary's map; move it into that map")]
    [InlineData("update-choice", "update: { strategy: canary, canary: { steps: [10%] } }", "services.a.update has both strategy and canary, which means strategy: canary; keep one of them")]
    [InlineData("canary-steps", "update: { strategy: canary }", "services.a.update is a canary without steps; add some, such as steps: [10%, 50%]")]
    [InlineData("canary-steps", "update: { strategy: canary, steps: [50%, 50%] }", "the canary steps of services.a.update must rise, but 50% follows 50%; put them in order")]
    [InlineData("pet-update", "update: { strategy: blue-green }\nkind: pet", "services.a is a pet, and blue-green would run two versions of it at once; use strategy: rolling")]
    [InlineData("pet-update", "update: { canary: { steps: [5%] } }\nkind: pet", "services.a is a pet, and canary would run two versions of it at once; use strategy: rolling")]
    [InlineData("volume-on-cattle", "volumes: { data: { size: 1Gi } }", "services.a has volumes, but cattle keep nothing; make it a pet with kind: pet, or remove them")]
    [InlineData("instances-order", "instances: { min: 3, max: 2 }", "services.a.instances has min 3 above max 2; swap them or raise max")]
    [InlineData("fixed-port-surge", "ports: { a: { number: 80 } }", "services.a fixes port 80, so one node has no room for an old and a new instance at once, and an update waits for another node; allow one fewer with update: { maxSurge: 0, maxUnavailable: 1 }, or let the port be assigned")]
    [InlineData("duplicate-port", "ports: { a: { number: 80 }, b: { number: 80 } }\nupdate: { maxSurge: 0, maxUnavailable: 1 }", "services.a fixes both a and b to port 80; give one of them another number, or leave it out to have one assigned")]
    [InlineData("bad-target", "scale: { on: latency, target: 70% }\ninstances: { max: 2 }", "services.a.scale.target is '70%', but scaling on latency needs a duration such as 200ms")]
    [InlineData("bad-target", "scale: { on: cpu, target: 70 }\ninstances: { max: 2 }", "services.a.scale.target is '70', but scaling on cpu needs a percentage such as 70%")]
    [InlineData("bad-target", "scale: { on: requests, target: 0 }\ninstances: { max: 2 }", "services.a.scale.target is '0', but scaling on requests needs a number above 0 such as 100")]
    [InlineData("limit-below-request", "resources: { cpu: 1, limits: { cpu: 500m } }", "services.a.resources reserves 1 cpu, but limits it to 500m; raise the limit or reserve less")]
    [InlineData("limit-below-request", "resources: { memory: 2Gi, limits: { memory: 1Gi } }", "services.a.resources reserves 2Gi memory, but limits it to 1Gi; raise the limit or reserve less")]
    public void Inside_a_service(string rule, string lines, string message) => AssertOnly(rule, Reading.Service(lines), message, 7);

    [Theory]
    [InlineData("unknown-port", "env: { P: \"${port.htp}\" }\nports: { http: {} }", "services.a uses ${port.htp}, but a declares no port 'htp'; add it under ports; did you mean ${port.http}?")]
    [InlineData("unknown-volume", "env: { P: \"${volume.data}\" }", "services.a uses ${volume.data}, but a declares no volume 'data'; add it under volumes")]
    [InlineData("unknown-upstream", "env: { P: \"${upstream.b.url}\" }", "services.a uses ${upstream.b.url}, but a does not depend on 'b'; add it under dependsOn")]
    [InlineData("bad-reference", "env: { P: \"${instance.ids}\" }", "services.a uses ${instance.ids}, but there is only ${port.X}, ${upstream.S.url|host|port}, ${volume.X}, ${instance.id|node|service|version}, ${secret.NAME}; write $${ for a literal ${; did you mean ${instance.id}?")]
    [InlineData("bad-reference", "env: { P: \"${HOME}\" }", "services.a uses ${HOME}, but there is only ${port.X}, ${upstream.S.url|host|port}, ${volume.X}, ${instance.id|node|service|version}, ${secret.NAME}; write $${ for a literal ${")]
    [InlineData("bad-reference", "env: { P: \"${secret.a b}\" }", "services.a uses ${secret.a b}, but a secret's name has letters, digits, '_', '.' and '-', a letter first, at most 128")]
    [InlineData("bad-reference", "env: { P: \"x${port.http\" }", "services.a uses ${port.http, but it is not closed; end it with '}'")]
    [InlineData("unknown-port", "health: { exec: [probe, \"${port.x}\"] }", "services.a uses ${port.x}, but a declares no port 'x'; add it under ports")]
    public void References_inside_a_service(string rule, string lines, string message) => AssertOnly(rule, Reading.Service(lines), message, 7);

    [Fact]
    public void A_doubled_dollar_makes_a_literal_one() =>
        Reading.Spec(Reading.Service("env: { P: \"$${HOME} $${port.x\" }\nhealth: { exec: [sh, -c, \"test $${X}\"] }"));

    [Theory]
    [InlineData("unknown-service", "dependsOn: { crt: {} }", "services.a depends on 'crt', which is no service here; did you mean 'cart'?")]
    [InlineData("unknown-service", "dependsOn: { payments: {} }", "services.a depends on 'payments', which is no service here; add it under services, or remove the dependency")]
    [InlineData("unknown-port", "dependsOn: { cart: { port: grpc } }", "services.a depends on the port 'grpc' of cart, which has admin, http; name one of these, or add it under services.cart.ports")]
    [InlineData("unknown-port", "dependsOn: { two: {} }", "services.a depends on two, which has the ports x, y, none of them 'http'; say which with port: x")]
    [InlineData("unknown-port", "dependsOn: { none: {} }", "services.a depends on none, which declares no port; add one under services.none.ports")]
    [InlineData("bad-reference", "dependsOn: { cart: {} }, env: { U: \"${upstream.cart.uri}\" }", "services.a uses ${upstream.cart.uri}, but an upstream has url, host and port; did you mean ${upstream.cart.url}?")]
    [InlineData("unknown-topic", "publishes: [order]", "services.a publishes to 'order', which is no topic here; did you mean 'orders'?")]
    [InlineData("unknown-topic", "subscribes: [prices]", "services.a subscribes to 'prices', which is no topic here; add 'prices: {}' under topics")]
    [InlineData("dependency-cycle", "ports: { http: {} }, dependsOn: { a: {} }", "a depends on itself (a → a); remove the dependency")]
    public void Names_that_a_service_refers_to(string rule, string keys, string message)
    {
        var others = "cart: { version: 2.0.0, run: { image: c }, ports: { http: {}, admin: {} } }\ntwo: { version: 1.0.0, run: { image: t }, ports: { x: {}, y: {} } }\nnone: { version: 1.0.0, run: { image: n } }";

        AssertOnly(rule, Reading.Services($"a: {{ version: 1.0.0, run: {{ image: a }}, {keys} }}\n{others}") + "\ntopics: { orders: {} }", message, 4);
    }

    [Theory]
    [InlineData("unknown-service", "routes: [{ to: webb }]", "routes[0] leads to 'webb', which is no service here; did you mean 'web'?")]
    [InlineData("unknown-port", "routes: [{ to: web, port: grpc }]", "routes[0] leads to the port 'grpc' of web, which has http, sql; name one of these, or add it under services.web.ports")]
    [InlineData("route-not-http", "routes: [{ to: web, port: sql }]", "routes[0] leads to the port 'sql' of web, which speaks tcp, but the gateway forwards http; name an http port")]
    [InlineData("duplicate-route", "routes: [{ to: web }, { path: /, to: web }]", "routes[1] has the same host and path as routes[0], which comes first; remove one of them")]
    [InlineData("missing-key", "routes: [{ path: / }]", "routes[0] needs the key 'to': a DNS label: lower-case letters, digits and '-', at most 63, no '-' at either end")]
    [InlineData("missing-file", "workflows: [w/none.yaml]", "the workflow file 'w/none.yaml' does not exist beside the manifest; write it, or mend the path")]
    [InlineData("unknown-job", "jobs: { settle: { run: { image: s }, after: [exprt] }, export: { run: { image: e } } }", "jobs.settle runs after 'exprt', which is no job here; did you mean 'export'?")]
    [InlineData("job-cycle", "jobs: { x: { run: { image: s }, after: [y] }, y: { run: { image: e }, after: [x] } }", "jobs wait for each other in a cycle: x → y → x; remove one of these from 'after'")]
    [InlineData("missing-key", "jobs: { x: { retries: 1 } }", "jobs.x needs the key 'run': a map of command, image, artifact, digest, build, user")]
    [InlineData("run-choice", "jobs: { x: { run: {} } }", "jobs.x.run has neither command nor image; give it one of them")]
    [InlineData("unknown-service", "jobs: { x: { run: { image: x }, dependsOn: { wb: {} } } }", "jobs.x depends on 'wb', which is no service here; did you mean 'web'?")]
    [InlineData("unknown-port", "jobs: { x: { run: { command: [x, \"${port.http}\"] } } }", "jobs.x uses ${port.http}, but x declares no port 'http'; add it under ports")]
    [InlineData("limit-below-request", "jobs: { x: { run: { image: x }, resources: { cpu: 2, limits: { cpu: 1 } } } }", "jobs.x.resources reserves 2 cpu, but limits it to 1; raise the limit or reserve less")]
    [InlineData("version-not-accepted", "jobs: { x: { run: { image: x }, dependsOn: { web: { accepts: ^2 } } } }", "the job x accepts web ^2, but the manifest has web 1.0.0: web must be in ^2 (nearest that everyone accepts: web 2.0.0), or x another release that accepts web 1.0.0")]
    public void Names_at_the_top(string rule, string top, string message) =>
        AssertOnly(rule, Reading.Services("web: { version: 1.0.0, run: { image: w }, ports: { http: {}, sql: { protocol: tcp } } }") + "\n" + top, message, 5);

    [Fact]
    public void A_cycle_is_printed_whole_and_once()
    {
        var problem = Reading.Only(Reading.Services("""
            a: { version: 1.0.0, run: { image: x }, ports: { http: {} }, dependsOn: { b: {} } }
            b: { version: 1.0.0, run: { image: x }, ports: { http: {} }, dependsOn: { c: {} } }
            c: { version: 1.0.0, run: { image: x }, ports: { http: {} }, dependsOn: { a: {}, d: {} } }
            d: { version: 1.0.0, run: { image: x }, ports: { http: {} }, dependsOn: { e: {} } }
            e: { version: 1.0.0, run: { image: x }, ports: { http: {} }, dependsOn: { a: {} } }
            """));

        Assert.Equal("dependency-cycle", problem.Rule);
        Assert.Equal("services depend on each other in a cycle: a → b → c → a; break it with a topic (one publishes, the other subscribes) or with a third service that calls both", problem.Message);
        Assert.Equal(("services.a.dependsOn.b", "a → b → c → a", 4), (problem.Path, problem.Found, problem.Line));
    }

    [Theory]
    [InlineData(false, Severity.Warning)]
    [InlineData(true, Severity.Error)]
    public void A_less_critical_dependency_is_a_warning_and_strictly_an_error(bool strict, Severity severity)
    {
        var reading = ManifestReader.Read(Inversion("accepts: ^1") + (strict ? "\nstrict: true" : ""), "m.yaml");

        var problem = Assert.Single(reading.Problems);
        Assert.Equal(("criticality-inversion", severity), (problem.Rule, problem.Severity));
        Assert.Equal("a is critical but depends on b, which is only sheddable; make b critical, or the dependency optional", problem.Message);
        Assert.Equal(strict, reading.Spec is null);
    }

    [Fact]
    public void An_optional_dependency_may_be_less_critical() => Assert.Empty(ManifestReader.Read(Inversion("optional: true"), "m.yaml").Problems);

    [Fact]
    public void Scaling_without_a_range_is_a_warning()
    {
        var problem = Reading.Only(Reading.Service("scale: { on: cpu, target: 70% }"));

        Assert.Equal(("scale-without-range", Severity.Warning), (problem.Rule, problem.Severity));
        Assert.Equal("services.a can't scale, as min and max are both 1; give instances a min and a larger max, or remove scale", problem.Message);
    }

    [Fact]
    public void A_version_that_is_not_accepted_names_both_sides_and_what_would_work()
    {
        var problem = Reading.Only(Versions("web 1.2.0 >=2.2 <3", "orders 3.0.0 ^2"));

        Assert.Equal("version-not-accepted", problem.Rule);
        Assert.Equal("web 1.2.0 accepts cart >=2.2 <3, but the manifest has cart 2.0.0: cart must be in >=2.2 <3 (nearest that everyone accepts: cart 2.2.0), or web another release that accepts cart 2.0.0", problem.Message);
        Assert.Equal(("services.web.dependsOn.cart.accepts", "2.0.0", ">=2.2 <3", "2.2.0"), (problem.Path, problem.Found, problem.Expected, problem.Suggestion));
    }

    [Fact]
    public void A_version_that_cannot_suit_everyone_names_who_stands_against_it()
    {
        var problem = Reading.Only(Versions("web 1.2.0 >=2.2 <3", "orders 3.0.0 <2.2"));

        Assert.Equal("web 1.2.0 accepts cart >=2.2 <3, but the manifest has cart 2.0.0: cart must be in >=2.2 <3, which orders 3.0.0 (accepts <2.2) refuses; web or orders must move to another release", problem.Message);
        Assert.Null(problem.Suggestion);
    }

    [Fact]
    public void All_problems_come_at_once_in_order_of_place()
    {
        var reading = ManifestReader.Read(Reading.Service("ownr: x\ninstances: { min: 3, max: 2 }\nenv: { A: \"${port.x}\" }\nstop: { grace: 1 }") + "\nroutes: [{ to: b }]", "m.yaml");

        Assert.Null(reading.Spec);
        Assert.Equal(["unknown-key", "instances-order", "unknown-port", "bad-duration", "unknown-service"], reading.Problems.Select(p => p.Rule));
        Assert.Equal([7, 8, 9, 10, 11], reading.Problems.Select(p => p.Line));
        Assert.Equal("m.yaml:8:23: error: services.a.instances has min 3 above max 2; swap them or raise max", reading.Problems[1].ToString());
    }

    private static void AssertOnly(string rule, string yaml, string message, int line)
    {
        var problem = Reading.Only(yaml, _ => false);

        Assert.Equal((rule, message, line), (problem.Rule, problem.Message, problem.Line));
        Assert.True(problem.Column > 0);
    }

    private static string Inversion(string dependency) => Reading.Services($$"""
        a: { version: 1.0.0, run: { image: a }, dependsOn: { b: { {{dependency}} } } }
        b: { version: 1.0.0, criticality: sheddable, run: { image: b }, ports: { http: {} } }
        """);

    private static string Versions(params string[] consumers) => Reading.Services(
        "cart: { version: 2.0.0, run: { image: c }, ports: { http: {} } }\n" + string.Join('\n', consumers.Select(c => c.Split(' ', 3))
            .Select(c => $"{c[0]}: {{ version: {c[1]}, run: {{ image: x }}, dependsOn: {{ cart: {{ accepts: \"{c[2]}\" }} }} }}")));
}
