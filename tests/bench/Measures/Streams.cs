using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace Calango.Bench;

/// <summary>Many streams at once, each at five tokens a second, opened at 200 a second and held.</summary>
internal static class Streams
{
    private const int TokensPerSecond = 5;
    private static readonly TimeSpan OpenEvery = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(8);

    public static async Task MeasureAsync(Machine machine, Report report)
    {
        foreach (var count in new[] { 1_000, 2_000 })
        {
            var relay = await RunAsync(machine, await machine.StartRelayAsync(), count);
            var calango = await RunAsync(machine, await machine.StartCalangoAsync(), count);
            var of = string.Create(CultureInfo.InvariantCulture, $"{count:N0} streams");
            if (count == 1_000)
            {
                report.Compare($"{of}: CPU per 1,000 tokens", "ms", calango.CpuMilliseconds, relay.CpuMilliseconds, 0.75);
                report.Compare($"{of}: memory", "MB", calango.Memory, relay.Memory, 2);
                report.Limit($"{of}: first token, p99", "ms", calango.FirstTokenP99, 500);
                report.Limit($"{of}: model to reader, p99", "ms", calango.TokenP99, 30);
            }
            else
            {
                report.Limit($"{of}: memory", "MB", calango.Memory, 450);
            }

            report.Limit($"{of}: failed", "", calango.Failed, 0);
        }
    }

    private static async Task<Result> RunAsync(Machine machine, ITarget target, int count)
    {
        await using var process = target.Process!;
        await Load.WarmAsync(target);
        var stamps = new List<Stamps>(count);
        var streams = new List<Task<bool>>(count);
        using var pace = new PeriodicTimer(OpenEvery);
        for (var i = 0; i < count; i++)
        {
            var stamp = new Stamps();
            stamps.Add(stamp);
            streams.Add(AskAsync(target, stamp));
            await pace.WaitForNextTickAsync();
        }

        await Task.Delay(TimeSpan.FromSeconds(3));
        var tokens = await TokensAsync(machine);
        var cpu = process.CpuSeconds;
        var seen = stamps.ConvertAll(stamp => stamp.Latencies.Count);
        var stopwatch = Stopwatch.StartNew();
        await Task.Delay(Hold);
        cpu = process.CpuSeconds - cpu;
        tokens = await TokensAsync(machine) - tokens;
        var memory = process.MemoryMegabytes;
        var latencies = stamps.SelectMany((stamp, index) => stamp.Latencies.ToArray().Skip(seen[index])).ToList();
        using var released = await process.Http.PostAsync(new Uri(machine.Upstream, "/__release"), null);
        var ended = await Task.WhenAll(streams);
        return new Result(
            cpu * 1e6 / tokens, memory, Report.Percentile(stamps.Select(stamp => stamp.FirstToken ?? double.PositiveInfinity), 99),
            Report.Percentile(latencies, 99), ended.Count(ok => !ok));
    }

    private static async Task<bool> AskAsync(ITarget target, Stamps stamps)
    {
        try
        {
            await target.NewChat().AskAsync($"q [[h=1 r={TokensPerSecond} s=5]]", stamps.Read, CancellationToken.None);
            return stamps.FirstToken is not null;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<double> TokensAsync(Machine machine)
    {
#pragma warning disable RS0030 // a measuring client of its own, outside any kernel
        using var http = new HttpClient();
#pragma warning restore RS0030
        return (await http.GetFromJsonAsync<JsonElement>(new Uri(machine.Upstream, "/__stats"))).GetProperty("tokens").GetDouble();
    }

    private sealed record Result(double CpuMilliseconds, double Memory, double FirstTokenP99, double TokenP99, int Failed);
}
