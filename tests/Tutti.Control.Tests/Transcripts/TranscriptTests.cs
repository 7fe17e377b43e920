using System.Collections.Immutable;
using Tutti.Control.Commands;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;

namespace Tutti.Control.Tests.Transcripts;

public sealed class TranscriptTests
{
    private readonly Bed _bed = new(nodes: ["n1", "n2"]);
    private readonly Transcript _transcript;

    public TranscriptTests() => _transcript = new Transcript(_bed);

    [Fact]
    public void First_start()
    {
        _transcript.Do(Shop.Apply(("cart", Shop.Service("2.0.0")), ("web", Shop.Service("1.0.0").DependingOn("cart"))));
        _bed.Pass(3);
        _transcript.Do(Shop.Apply(("cart", Shop.Service("2.0.0")), ("web", Shop.Service("1.0.0").DependingOn("cart"))));
        _transcript.Check("first-start");
    }

    [Fact]
    public void Rolling_update_and_back_twice()
    {
        _transcript.Do(Shop.Apply(("web", Shop.Service("1.0.0"))));
        _bed.Pass(3);
        _transcript.Do(Shop.Apply(("web", Shop.Service("1.1.0"))));
        _bed.Pass(5);
        _transcript.Do(Shop.Apply(("web", Shop.Service("1.2.0"))));
        _bed.Pass(5);
        _transcript.Do(new RollbackArchitecture("shop", null, false, "ann"));
        _bed.Pass(5);
        _transcript.Do(new RollbackArchitecture("shop", null, false, "ann"));
        _bed.Pass(5);
        _transcript.Do(new RollbackArchitecture("shop", null, false, "ann"));
        Assert.All(_bed.Instances("web"), instance => Assert.Equal("1.0.0", instance.Version.ToString()));
        _transcript.Check("rolling-update");
    }

    [Fact]
    public void Canary()
    {
        var update = new UpdateSpec { Strategy = UpdateStrategy.Canary, Steps = [25, 50], Hold = TimeSpan.FromSeconds(10) };
        _transcript.Do(Shop.Apply(("web", Shop.Service("1.0.0", 4, update))));
        _bed.Pass(3);
        _transcript.Do(Shop.Apply(("web", Shop.Service("1.1.0", 4, update))));
        _bed.Pass(5);
        _transcript.Do(new PauseService("shop", "web", true, "ann"));
        _bed.Pass(30);
        _transcript.Do(new PauseService("shop", "web", false, "ann"));
        _bed.Pass(30);
        _transcript.Check("canary");
    }

    [Fact]
    public void Blue_green()
    {
        var update = new UpdateSpec { Strategy = UpdateStrategy.BlueGreen };
        _transcript.Do(Shop.Apply(("web", Shop.Service("1.0.0", 2, update))));
        _bed.Pass(3);
        _transcript.Do(Shop.Apply(("web", Shop.Service("1.1.0", 2, update))));
        _bed.Pass(5);
        _transcript.Check("blue-green");
    }

    [Fact]
    public void A_failed_update_goes_back_and_leaves_the_old_version_untouched()
    {
        _bed.Fate = instance => instance.Version.ToString() switch
        {
            "1.1.0" => Fate.Sick("GET /healthz answered 503"),
            "1.2.0" => Fate.Crash(3, "Unhandled exception: no such table", "   at Main()"),
            _ => Fate.Healthy,
        };
        _transcript.Do(Shop.Apply(("web", Shop.Service("1.0.0"))));
        _bed.Pass(3);
        var before = _bed.Instances("web").Select(instance => (instance.Id, instance.Attempt, instance.RunSince)).ToList();
        _transcript.Say("a health check that fails");
        _transcript.Do(Shop.Apply(("web", Shop.Service("1.1.0"))));
        _bed.Pass(65);
        _transcript.Say("a process that exits");
        _transcript.Do(Shop.Apply(("web", Shop.Service("1.2.0"))));
        _bed.Pass(65);

        Assert.Equal(before, _bed.Instances("web").Select(instance => (instance.Id, instance.Attempt, instance.RunSince)));
        _transcript.Check("failed-update");
    }

    [Fact]
    public void Pet_restarts_fails_and_resumes()
    {
        _transcript.Do(Shop.Apply(("db", Shop.Pet("1.0.0"))));
        _bed.Pass(3);
        for (var i = 1; i <= 3; i++)
        {
            _transcript.Happen("db-0 is killed", () => _bed.Agent(_bed.Instances("db")[0].Node!).Kill("db-0", "exited with code 1", "disk full"));
            _bed.Pass(3);
        }

        _transcript.Do(new ResumeService("shop", "db", "ann"));
        _bed.Pass(3);
        _transcript.Check("pet");
    }

    [Fact]
    public void Node_lost_and_back_and_drained()
    {
        _transcript.Do(Shop.Apply(("db", Shop.Pet("1.0.0")), ("web", Shop.Service("1.0.0"))));
        _bed.Pass(3);
        var agent = _bed.Agent(_bed.Instances("db")[0].Node!);
        _transcript.Happen("the pet's node falls silent", () => agent.Up = false);
        _bed.Pass(12);
        _transcript.Happen("it is back", () => agent.Up = true);
        _bed.Pass(3);
        _transcript.Do(new DrainNode(_bed.Instances("db")[0].Node!, true, "ann"));
        _bed.Pass(5);
        _transcript.Do(new DrainNode(_bed.Instances("db")[0].Node!, false, "ann"));
        _bed.Pass(3);
        _transcript.Check("node");
    }

    [Fact]
    public void Scale_restart_destroy_and_apply_again()
    {
        var manifest = Shop.Apply(("web", Shop.Service("1.0.0")));
        _transcript.Do(manifest);
        _bed.Pass(3);
        _transcript.Do(new ScaleService("shop", "web", 3, 5, "ann"));
        _bed.Pass(3);
        _transcript.Do(new ScaleService("shop", "web", 1, 1, "ann"));
        _bed.Pass(3);
        _transcript.Do(new RestartService("shop", "web", "ben"));
        _bed.Pass(3);
        _transcript.Do(new DestroyArchitecture("shop", "ann"));
        _bed.Pass(1);
        Assert.Empty(_bed.State.Instances.All);
        Assert.Empty(_bed.State.Services.All);
        _transcript.Do(new ScaleService("shop", "web", 2, 2, "ann"));
        _transcript.Do(manifest);
        _bed.Pass(3);
        _transcript.Check("scale-restart-destroy");
    }
}
