using System.Diagnostics;

namespace Calango.Bench;

/// <summary>Searching 100,000 messages, through the page, for words and for whole sentences.</summary>
internal static class Searching
{
    private const int Chats = 1_000;
    private const int Messages = 100;
    private const int Queries = 200;

    public static async Task MeasureAsync(Machine machine, Report report)
    {
        await MeasureAsync(machine, report, "", null);
        if (Environment.GetEnvironmentVariable("BENCH_POSTGRES") is { Length: > 0 } postgres)
        {
            await MeasureAsync(machine, report, " on PostgreSQL", postgres);
        }
    }

    private static async Task MeasureAsync(Machine machine, Report report, string where, string? postgres)
    {
        var folder = machine.NewFolder();
        await Seeding.WriteAsync(folder, Chats, Messages, postgres);
        await using var process = (await machine.StartCalangoAsync(folder, postgres)).Process;
        var random = new Random(2);
        var times = new List<double>();
        for (var i = 0; i < Queries; i++)
        {
            var query = Uri.EscapeDataString(Seeding.Words(random, i % 2 == 0 ? 2 : 9));
            var stopwatch = Stopwatch.StartNew();
            using var response = await process.Http.GetAsync($"search?q={query}");
            response.EnsureSuccessStatusCode();
            times.Add(stopwatch.Elapsed.TotalMilliseconds);
        }

        report.Limit($"search in 100,000 messages{where}, p50", "ms", Report.Median(times), 50);
        report.Limit($"search in 100,000 messages{where}, p99", "ms", Report.Percentile(times, 99), 50);
    }
}
