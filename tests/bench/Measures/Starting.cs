namespace Calango.Bench;

/// <summary>From the launch to the first page on a folder that has been used before, and the memory of a server nobody talks to.</summary>
internal static class Starting
{
    private const int Times = 5;

    public static async Task MeasureAsync(Machine machine, Report report)
    {
        var folder = machine.NewFolder();
        await using (var first = (await machine.StartCalangoAsync(folder)).Process)
        {
            report.Note("start on an empty folder", Report.Show(first.Start.TotalMilliseconds, "ms"));
        }

        List<double> calango = [], relay = [], calangoMemory = [], relayMemory = [];
        for (var i = 0; i < Times; i++)
        {
            await using var bare = (await machine.StartRelayAsync()).Process;
            await using var server = (await machine.StartCalangoAsync(folder)).Process;
            await Task.Delay(TimeSpan.FromSeconds(3));
            relay.Add(bare.Start.TotalMilliseconds);
            calango.Add(server.Start.TotalMilliseconds);
            relayMemory.Add(bare.MemoryMegabytes);
            calangoMemory.Add(server.MemoryMegabytes);
        }

        report.Compare("start to first page", "ms", Report.Median(calango), Report.Median(relay), 4);
        report.Compare("memory idle", "MB", Report.Median(calangoMemory), Report.Median(relayMemory), 2);
    }
}
