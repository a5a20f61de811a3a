using System.Text;
using Calango.Core.Knowledge;
using Calango.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;

namespace Calango.Faults.Tests;

/// <summary>A server that is killed while it takes documents in.</summary>
public sealed class IntakeTests
{
    // Some seconds' work.
    private const int Paragraphs = 8_000;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public Task R01_A_document_whose_server_was_killed_is_taken_in_to_its_end_and_no_part_of_it_twice(DatabaseKind kind) => FaultRuns.RunAsync(kind, FaultRuns.Count(brief: 1, full: 30), async (installation, run) =>
    {
        Guid collection;
        using (var before = await installation.OpenTabAsync(Cancelled))
        {
            using var made = await before.PostAsync("/knowledge", Cancelled, ("Name", $"Run {run}"), ("Description", ""), ("Embedder", ""));
            collection = Guid.Parse(made.RequestMessage!.RequestUri!.Segments[2].TrimEnd('/'));
            using var file = new MultipartFormDataContent { { new ByteArrayContent(Encoding.UTF8.GetBytes(Text(run))), "files", "facts.txt" } };
            using var added = await before.PostAsync($"/knowledge/{collection}", file, Cancelled);
            await Eventually.HoldsAsync("some of it is taken in", async () => await PassagesAsync(installation, collection) > 0, Cancelled);
            await Task.Delay(Random.Shared.Next(800), Cancelled);
            await installation.KillAsync();
        }

        await installation.RestartAsync();
        using var after = await installation.OpenTabAsync(Cancelled);
        await Eventually.HoldsAsync("it is taken in", async () => (await FindAsync(installation, collection)).State == DocumentState.Ready, Cancelled, TimeSpan.FromMinutes(2));

        var document = await FindAsync(installation, collection);
        var passages = await installation.Data.ReadAsync(
            db => db.Set<Passage>().Where(passage => passage.DocumentId == document.Id).OrderBy(passage => passage.Ordinal).Select(passage => new { passage.Ordinal, passage.Edition, passage.Text }).ToListAsync(Cancelled), Cancelled);
        Assert.Equal(Enumerable.Range(0, document.Passages), passages.Where(passage => passage.Edition == document.Edition).Select(passage => passage.Ordinal));
        Assert.EndsWith($"Fact {Paragraphs} of run {run} is the last.", passages[^1].Text, StringComparison.Ordinal);
        Assert.Single(Directory.GetDirectories(installation.IncomingFolder));
    });

    private static string Text(int run)
    {
        var text = new StringBuilder();
        for (var number = 1; number < Paragraphs; number++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"Fact {number} of run {run} says that a lizard of the number {number * 7} was seen on the stone {number % 97} at noon.\n\n");
        }

        return text.Append(System.Globalization.CultureInfo.InvariantCulture, $"Fact {Paragraphs} of run {run} is the last.").ToString();
    }

    private static Task<Document> FindAsync(Installation installation, Guid collection) =>
        installation.Data.ReadAsync(db => db.Set<Document>().SingleAsync(document => document.CollectionId == collection, Cancelled), Cancelled);

    private static Task<int> PassagesAsync(Installation installation, Guid collection) => installation.Data.ReadAsync(
        db => db.Set<Passage>().CountAsync(passage => db.Set<Document>().Any(document => document.Id == passage.DocumentId && document.CollectionId == collection), Cancelled), Cancelled);
}
