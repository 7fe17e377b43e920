using Xunit.Sdk;
using Xunit.v3;

// Each test has a machine's worth of processes, and deadlines that hold only while no other test has another.
[assembly: Parallelization(Mode = ParallelMode.None)]
