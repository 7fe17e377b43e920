using FsCheck.Xunit;
using Tutti.Decisions.Versions.Solving;

namespace Tutti.Decisions.Tests.Versions.Solving;

[Properties(Arbitrary = [typeof(SolveCases)], MaxTest = 1000)]
public sealed class VersionSolverProperties
{
    [Property]
    public void As_good_as_brute_force_in_every_criterion(SolveCase given)
    {
        var best = BruteForce.Best(given.Question);
        var answer = VersionSolver.Solve(given.Question);
        if (best is null)
        {
            Assert.IsType<NoSolution>(answer);
        }
        else
        {
            Assert.Equal(best, Assert.IsType<Solution>(answer).Versions);
        }
    }
}
