using System.Diagnostics;
using System.Globalization;
using Calango.Core.Knowledge;

namespace Calango.Bench;

/// <summary>
/// How fast documents are taken in: <c>calango bench ingest FILE…</c> has each read by the process that reads documents, cut, placed and
/// stored, as the server does it, and says how long that took and how much memory both processes had at their peak.
/// </summary>
internal static class IngestBench
{
    public static async Task<int> RunAsync(string[] args)
    {
        var settings = RetrievalSettings.Read([.. args.Where(argument => argument.StartsWith("--", StringComparison.Ordinal))]);
        Console.WriteLine(Machine.Describe());
        await using var knowledge = await BenchKnowledge.StartAsync(settings, Environment.GetEnvironmentVariable("BENCH_POSTGRES") is { Length: > 0 } postgres ? postgres : null);
        foreach (var file in args.Where(argument => !argument.StartsWith("--", StringComparison.Ordinal)))
        {
            using var memory = new PeakMemory();
            var begun = Stopwatch.GetTimestamp();
            var document = await knowledge.TakeInAsync(file, settings.Options);
            var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
            Console.WriteLine(document.State == DocumentState.Ready
                ? string.Create(CultureInfo.InvariantCulture, $"{document.Name}: {document.Pages ?? 1} pages, {document.Passages} passages, {seconds:0.0} s, {(document.Pages ?? 1) / seconds:0.0} pages/s; {memory}")
                : $"{document.Name}: {document.State} {document.Failure}");
        }

        return 0;
    }
}
