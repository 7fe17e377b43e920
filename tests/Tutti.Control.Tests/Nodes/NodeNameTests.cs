using Tutti.Control.Commands;
using Tutti.Control.Loop;
using Tutti.Control.State;
using Tutti.Model.Agents;
using Tutti.Model.Quantities;

namespace Tutti.Control.Tests.Nodes;

public sealed class NodeNameTests
{
    private static readonly ControlOptions _options = new();
    private readonly LoopCore _core = new(_options, seed: 1, clusterId: "c");
    private DateTimeOffset _now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_second_agent_may_not_take_the_name_of_one_that_is_heard()
    {
        Assert.Null(Register("s1", "first"));
        Assert.Null(Register("s2", "first"));

        var refusal = Register("s3", "second");

        Assert.Equal("name-taken", refusal?.Type);
        Assert.Contains("--name", refusal!.Detail);
        Assert.Equal("s2", Node.Session);
    }

    [Fact]
    public void The_name_is_free_once_the_pets_of_a_lost_node_must_have_stopped()
    {
        Register("s1", "first");
        PassTurnByTurn(_options.NodeLease + TimeSpan.FromSeconds(1));
        Assert.Equal(NodeStatus.Lost, Node.Status);
        Assert.Equal("name-taken", Register("s2", "second")?.Type);

        PassTurnByTurn(_options.PetGrace);
        Assert.Null(Register("s2", "second"));
    }

    [Fact]
    public void A_server_that_stood_still_gives_every_node_a_whole_lease_to_speak_up()
    {
        Register("s1", "first");
        _core.Reconcile(_now);

        _now += TimeSpan.FromMinutes(2);
        _core.Reconcile(_now);
        Assert.Equal(NodeStatus.Ready, Node.Status);

        PassTurnByTurn(_options.NodeLease - TimeSpan.FromSeconds(1));
        Assert.Equal(NodeStatus.Ready, Node.Status);
        PassTurnByTurn(TimeSpan.FromSeconds(1));
        Assert.Equal(NodeStatus.Lost, Node.Status);
    }

    private Node Node => _core.State.Nodes.Find("n")!;

    private Refusal? Register(string session, string agent) =>
        _core.Handle(
            new RegisterNode(new NodeRegistration
            {
                Name = "n",
                Session = session,
                Agent = agent,
                Address = "127.0.0.1",
                Capacity = new NodeCapacity(new Cpu(1000), ByteSize.FromMebibytes(64)),
            }),
            _now).Refusal;

    private void PassTurnByTurn(TimeSpan time)
    {
        _core.Reconcile(_now);
        for (var end = _now + time; _now < end;)
        {
            _now = _core.NextWake is { } wake && wake < end && wake > _now ? wake : end;
            _core.Reconcile(_now);
        }
    }
}
