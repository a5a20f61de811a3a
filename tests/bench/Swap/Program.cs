using System.Globalization;
using Calango.Bench.Swap;

// Usage: calango bench swap [--streams N] [--swaps N]. README.md says what is measured.
var (streams, swaps) = (NumberAfter("--streams", 200), NumberAfter("--swaps", 1000));
Console.WriteLine($".NET {Environment.Version}, {Environment.ProcessorCount} cores, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}");
await using var server = await SwappedServer.StartAsync();
using var readers = new Readers(server, streams);
await readers.WarmUpAsync();
var before = Memory();
var swapping = new Swapping(server);
await swapping.RunAsync(swaps, readers.Failure);
await readers.StopAsync();
var alive = await swapping.AliveAsync();
var after = Memory();

Console.WriteLine($"streams {readers.Streams}, tokens {readers.Tokens}, swaps {swapping.Done} in {swapping.Took.TotalSeconds:0} s");
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"activation, median: {swapping.Activation:0.0} µs; from its files to new calls: {swapping.Whole:0.0} ms; unload: {swapping.Unload:0.0} ms"));
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"managed heap after warm-up {before:0.0} MB, at the end {after:0.0} MB; process {Environment.WorkingSet / 1e6:0} MB"));
Console.WriteLine(await Hop.MeasureAsync(server));
Console.WriteLine(await Hop.MeasureIsolatedAsync(server));
foreach (var sample in readers.Samples)
{
    Console.WriteLine($"failed: {sample}");
}

Console.WriteLine($"failed {readers.Failed}, alive {alive}");
return readers.Failed + alive > 0 || swapping.Done < swaps ? 1 : 0;

int NumberAfter(string name, int otherwise) =>
    Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;

static double Memory()
{
    for (var round = 0; round < 3; round++)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    return GC.GetTotalMemory(forceFullCollection: true) / 1e6;
}
