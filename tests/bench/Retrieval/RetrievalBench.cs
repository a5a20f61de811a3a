using System.Diagnostics;
using System.Globalization;
using Calango.Core.Knowledge;

namespace Calango.Bench;

/// <summary>
/// How well passages are found: <c>calango bench retrieval FOLDER…</c> takes in a folder's corpus.jsonl, asks its queries.jsonl, and
/// compares what is found with its qrels.tsv (the form of BEIR). On SQLite, and on PostgreSQL where <c>BENCH_POSTGRES</c> is the connection string
/// of an empty database. <c>--scale N</c> instead of a folder measures how long a search takes among N passages of made-up words.
/// </summary>
internal static class RetrievalBench
{
    public static async Task<int> RunAsync(string[] args)
    {
        var settings = RetrievalSettings.Read(args);
        string?[] databases = Environment.GetEnvironmentVariable("BENCH_POSTGRES") is { Length: > 0 } postgres ? [null, postgres] : [null];
        Console.WriteLine(Machine.Describe());
        foreach (var database in databases)
        {
            await using var knowledge = await BenchKnowledge.StartAsync(settings, database);
            foreach (var folder in settings.Folders)
            {
                await MeasureAsync(knowledge, folder, settings, database is null ? "SQLite" : "PostgreSQL");
            }

            foreach (var size in settings.Scales)
            {
                await MeasureSpeedAsync(knowledge, size, database is null ? "SQLite" : "PostgreSQL");
            }
        }

        return 0;
    }

    private static async Task MeasureAsync(BenchKnowledge knowledge, string folder, RetrievalSettings settings, string where)
    {
        var set = JudgedSet.Read(folder);
        var begun = Stopwatch.GetTimestamp();
        var collection = await knowledge.TakeInAsync(Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)), set.Documents, settings.Options);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{collection.Name} on {where}: {set.Documents.Count} documents, {collection.Passages} passages, taken in in {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s; {set.Questions.Count} questions"));
        foreach (var (method, weight) in new[] { ("keyword", (double?)0.0), ("vector", 1.0), ("fused", settings.Options.FusionWeight), ("reranked", settings.Options.FusionWeight) })
        {
            if ((method == "vector" && collection.Embedder is null) || (method == "reranked" && knowledge.Reranker is null))
            {
                continue;
            }

            collection.Options = settings.Options with { FusionWeight = weight, Reranker = method == "reranked" ? knowledge.Reranker : null };
            var (scores, times, given) = (new List<RankScore>(), new List<double>(), 0.0);
            foreach (var question in set.Questions)
            {
                var asked = Stopwatch.GetTimestamp();
                var found = await knowledge.Search.FindAsync([collection], question.Text, CancellationToken.None);
                times.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
                given += found.Chosen.Any(chosen => set.Judgements[question.Id].Any(judgement => judgement.Document == chosen.DocumentName)) ? 1 : 0;
                scores.Add(RankScore.Of(found.Candidates.Select(candidate => candidate.DocumentName), set.Judgements[question.Id].ToDictionary(judgement => judgement.Document, judgement => judgement.Grade)));
            }

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{method} nDCG@10 {scores.Average(score => score.Ndcg):0.000} recall@10 {scores.Average(score => score.Recall):0.000} MRR@10 {scores.Average(score => score.Mrr):0.000}   given {given / set.Questions.Count:0.000}   p50 {Report.Median(times):0.0} ms p99 {Report.Percentile(times, 99):0.0} ms"));
        }
    }

    private static async Task MeasureSpeedAsync(BenchKnowledge knowledge, int size, string where)
    {
        var collection = await knowledge.FillAsync(size);
        var random = new Random(2);
        var times = new List<double>();
        for (var i = 0; i < 220; i++)
        {
            var question = Seeding.Words(random, i % 2 == 0 ? 3 : 10);
            var asked = Stopwatch.GetTimestamp();
            await knowledge.Search.FindAsync([collection], question, CancellationToken.None);
            if (i >= 20)
            {
                times.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{size} passages on {where}: p50 {Report.Median(times):0.0} ms p99 {Report.Percentile(times, 99):0.0} ms; process {Environment.WorkingSet / 1_000_000} MB"));
    }
}
