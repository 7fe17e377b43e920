using Tutti.Cli.CommandLine;
using Tutti.Cli.Output;

using var interrupts = Interrupts.OfProcess();
return await Cli.RunAsync(args, Terminal.OfProcess(), new Rooms(), interrupts);
