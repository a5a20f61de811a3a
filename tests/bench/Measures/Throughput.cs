namespace Calango.Bench;

/// <summary>How many turns, and how many tokens, two cores do in a second, the model and the load among them.</summary>
internal static class Throughput
{
    private const int Rounds = 3;
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(5);

    public static async Task MeasureTurnsAsync(Machine machine, Report report)
    {
        var (calango, relay) = await RunAsync(machine, users: 16, "q [[n=50 s=10]]");
        report.Compare("turns, 16 users × 50 tokens", "a second", Report.Median(calango.Select(run => run.TurnsPerSecond)), Report.Median(relay.Select(run => run.TurnsPerSecond)), 1.0 / 6, more: true);
        report.Compare("CPU a 50-token turn", "ms", Report.Median(calango.Select(run => run.CpuMillisecondsPerTurn)), Report.Median(relay.Select(run => run.CpuMillisecondsPerTurn)), 6);
        report.Limit("turns that failed", "", calango.Sum(run => run.Failed), 0);
    }

    public static async Task MeasureFloodAsync(Machine machine, Report report)
    {
        const int tokens = 1_000;
        var (calango, relay) = await RunAsync(machine, users: 8, $"q [[n={tokens} s=50]]");
        report.Note(
            "tokens flat out, 8 users",
            Report.Show(Report.Median(calango.Select(run => run.TurnsPerSecond * tokens)), "a second"), Report.Show(Report.Median(relay.Select(run => run.TurnsPerSecond * tokens)), "a second"));
    }

    private static async Task<(List<LoadResult> Calango, List<LoadResult> Relay)> RunAsync(Machine machine, int users, string prompt)
    {
        var relay = await machine.StartRelayAsync();
        await using var relayProcess = relay.Process;
        var calango = await machine.StartCalangoAsync();
        await using var calangoProcess = calango.Process;
        await Load.WarmAsync(relay);
        await Load.WarmAsync(calango);
        List<LoadResult> ofCalango = [], ofRelay = [];
        for (var round = 0; round < Rounds; round++)
        {
            ofRelay.Add(await Load.RunAsync(relay, users, prompt, Time));
            ofCalango.Add(await Load.RunAsync(calango, users, prompt, Time));
        }

        return (ofCalango, ofRelay);
    }
}
