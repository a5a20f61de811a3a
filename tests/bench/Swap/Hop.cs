using System.Diagnostics;
using System.Globalization;
using Calango.Core.Plugins;
using Calango.Sdk;
using Calango.Tests.CountingDouble;
using Microsoft.Extensions.AI;

namespace Calango.Bench.Swap;

/// <summary>What the way through lease and guard costs a token, beside the same code called directly. Each token comes from another turn of the scheduler.</summary>
internal static class Hop
{
    private const int Tokens = 100_000, Rounds = 7;

    public static async Task<string> MeasureAsync(SwappedServer server)
    {
        var folder = server.AddVersion(1_000_000);
        var direct = new CountingProvider(new PluginContext("counting", folder, folder, folder, CancellationToken.None)).Connect(CountingProvider.ModelId, NoSettings);
        var costs = new List<(double Direct, double Guarded)>();
        for (var round = 0; round < Rounds; round++)
        {
            using var lease = server.Plugins.LeaseProvider(CountingProvider.ProviderId, Guid.CreateVersion7())!;
            var guarded = lease.Provider(CountingProvider.ProviderId).Connect(CountingProvider.ModelId, NoSettings);
            costs.Add((await ReadAsync(direct), await ReadAsync(guarded)));
        }

        var (directly, through) = (Median(costs.Select(cost => cost.Direct)), Median(costs.Select(cost => cost.Guarded)));
        return string.Create(CultureInfo.InvariantCulture, $"a token, median: {directly:0.00} µs directly, {through:0.00} µs through lease and guard; the hop costs {through - directly:0.00} µs");
    }

    /// <summary>The same through a process of its own, with how long that takes to serve and how much memory it has.</summary>
    public static async Task<string> MeasureIsolatedAsync(SwappedServer server)
    {
        var (starts, costs, memory) = (new List<double>(), new List<double>(), 0L);
        for (var round = 0; round < Rounds; round++)
        {
            var folder = server.AddVersion(2_000_000 + round);
            var start = Stopwatch.GetTimestamp();
            await server.Plugins.ActivateAsync(folder, PluginManifest.Read(folder), isIsolated: true, _ => { }, CancellationToken.None);
            starts.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            using var lease = server.Plugins.LeaseProvider(CountingProvider.ProviderId, Guid.CreateVersion7())!;
            costs.Add(await ReadAsync(lease.Provider(CountingProvider.ProviderId).Connect(CountingProvider.ModelId, NoSettings)));
            memory = server.Plugins.Plugins.Single(plugin => plugin.Id == CountingProvider.ProviderId).ProcessMemoryBytes!.Value;
        }

        return string.Create(CultureInfo.InvariantCulture, $"a token from a process of its own, median: {Median(costs):0.00} µs; from its files to new calls: {Median(starts):0} ms; memory {memory / 1e6:0} MB");
    }

    private static SettingsValues NoSettings => new(new Dictionary<string, string>());

    private static async Task<double> ReadAsync(IChatClient client)
    {
        var start = Stopwatch.GetTimestamp();
        var count = 0;
        await foreach (var update in client.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, $"count {Tokens} 0")]))
        {
            count += update.Contents.Count;
        }

        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / count;
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);
}
