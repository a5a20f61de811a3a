namespace Calango.Bench;

/// <summary>What a server adds to the time until the first token, for one user: its median less that of asking the model directly.</summary>
internal static class FirstToken
{
    private const string Prompt = "q [[n=5 r=200 s=1]]";
    private const int Turns = 120;
    private const int Rounds = 3;

    public static async Task MeasureAsync(Machine machine, Report report)
    {
        await using var relayProcess = (await machine.StartRelayAsync()).Process;
        var relay = new RelayTarget(relayProcess);
        var calango = await machine.StartCalangoAsync();
        await using var calangoProcess = calango.Process;
        using var direct = new DirectTarget(machine.Upstream);
        await Load.WarmAsync(relay);
        await Load.WarmAsync(calango);
        List<double> added = [], addedByRelay = [];
        for (var round = 0; round < Rounds; round++)
        {
            var model = await MedianAsync(direct);
            addedByRelay.Add(await MedianAsync(relay) - model);
            added.Add(await MedianAsync(calango) - model);
        }

        report.Compare("added to first token, 1 user, p50", "ms", Report.Median(added), Report.Median(addedByRelay), 4);
    }

    private static async Task<double> MedianAsync(ITarget target) =>
        Report.Median((await Load.RunAsync(target, 1, Prompt, TimeSpan.FromSeconds(20), Turns)).FirstTokens);
}
