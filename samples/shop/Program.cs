using Shop.Hosting;

Options options;
try
{
    options = Options.Read(args);
}
catch (FormatException problem)
{
    Console.Error.WriteLine($"shop: {problem.Message}");
    Console.Error.WriteLine(Options.Usage);
    return ExitCodes.BadUsage;
}

if (Releases.Find(options.Service, options.Version) is not { } open)
{
    Console.Error.WriteLine($"shop: there is no {options.Service} {options.Version}; there are {Releases.Describe()}");
    return ExitCodes.BadUsage;
}

return await ShopApp.RunAsync(options, open);
