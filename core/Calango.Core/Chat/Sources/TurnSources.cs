using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Knowledge;
using Calango.Core.Models;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Chat;

/// <summary>Finds in the collections of a chat what is given to the model for an answer, and keeps it beside the answer. Thread-safe.</summary>
internal sealed class TurnSources(Database database, Collections collections, ChatDocuments documents, PassageSearch search, Quotations quotations, TimeProvider clock)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(300);

    /// <summary>Waits until the chat's own documents are read: an answer must not be given as if they had been.</summary>
    /// <exception cref="RejectedException"><c>sources.unread</c>: that takes too long.</exception>
    public async Task AwaitDocumentsAsync(TurnRun run)
    {
        if (!run.Conversation.HasDocuments || (run.Turn.ContinuesId ?? run.Turn.RerunOf) is not null)
        {
            return;
        }

        var began = clock.GetTimestamp();
        var own = await documents.ListAsync(run.Turn.AccountId, run.Conversation.Id, run.StopRequested);
        while (own.Exists(document => document.IsUnderWay))
        {
            if (clock.GetElapsedTime(began) > LongestWait)
            {
                throw new RejectedException("sources.unread");
            }

            run.Log.Report(new TurnProgress(TurnPhase.ReadingDocuments));
            await Task.Delay(LookAgain, clock, run.StopRequested);
            own = await documents.ListAsync(run.Turn.AccountId, run.Conversation.Id, run.StopRequested);
        }

        run.UnreadDocuments = [.. own.Where(document => document.State != DocumentState.Ready).Select(document => document.Name)];
    }

    /// <summary>What is given to the model: what is found now, or, where an answer goes on or a request is sent again, what was found then.</summary>
    /// <param name="run">The turn.</param>
    /// <param name="model">Who reads it; null: people alone do.</param>
    /// <returns>Null: the chat has no collections that its owner may use. Empty: nothing in them belongs to the question.</returns>
    public async Task<IReadOnlyList<TurnSource>?> ForAsync(TurnRun run, CatalogModel? model)
    {
        if ((run.Turn.ContinuesId ?? run.Turn.RerunOf) is { } before)
        {
            return await CopyAsync(before, run);
        }

        var own = run.Conversation.HasDocuments ? await documents.CollectionOfAsync(run.Conversation, run.StopRequested) : null;
        var chosen = await collections.ReadableAsync(run.Turn.AccountId, run.Conversation.CollectionChoice, run.StopRequested);
        List<Collection> asked = own is null ? chosen : [own, .. chosen];
        if (asked.Count == 0)
        {
            return null;
        }

        run.Log.Report(new TurnProgress(TurnPhase.Searching));
        var found = await search.FindAsync(asked, run.Turn.SearchedFor ?? run.Question.Text, run.StopRequested);
        var budget = PromptBudget.Of(run.Conversation, model);
        var (window, most) = (budget.Window ?? budget.Tokens, budget.Tokens / 2);
        // Where no model reads it, how a document begins answers nothing.
        if (own is not null && model is not null)
        {
            found = await documents.WithOpeningsAsync(own, found, (int)Math.Min(own.Options.WholeDocumentShare * window, most), run.StopRequested);
        }

        var quoted = await quotations.OfAsync(found, asked[0].Options, window, most, run.StopRequested);
        var sources = quoted.Select((quotation, index) => TurnSource.Of(run.Turn.Id, index + 1, quotation)).ToList();
        await StoreAsync(run, sources);
        return sources;
    }

    /// <summary>What answers were given, by their turns.</summary>
    public static async Task<ILookup<Guid, TurnSource>> OfAsync(CalangoDb db, IReadOnlyCollection<Guid> turns, CancellationToken cancellationToken) =>
        (await db.Set<TurnSource>().Where(source => turns.Contains(source.TurnId)).OrderBy(source => source.Number).ToListAsync(cancellationToken)).ToLookup(source => source.TurnId);

    private async Task<IReadOnlyList<TurnSource>?> CopyAsync(Guid before, TurnRun run)
    {
        if (await database.ReadAsync(db => db.Set<Turn>().Where(turn => turn.Id == before).Select(turn => turn.Sources).SingleOrDefaultAsync(run.StopRequested), run.StopRequested) is null)
        {
            return null;
        }

        var sources = await database.ReadAsync(db => OfAsync(db, [before], run.StopRequested), run.StopRequested);
        var copies = sources[before].Select(source => source.CopyFor(run.Turn.Id)).ToList();
        await StoreAsync(run, copies);
        return copies;
    }

    // At once, so that what a killed server leaves of the answer has them, too. A branch that was deleted meanwhile takes them along.
    private Task StoreAsync(TurnRun run, List<TurnSource> sources) => database.WriteAsync(
        async db =>
        {
            if (await db.Set<Turn>().Where(turn => turn.Id == run.Turn.Id).ExecuteUpdateAsync(set => set.SetProperty(turn => turn.Sources, sources.Count), run.StopRequested) > 0)
            {
                db.AddRange(sources);
                await db.SaveChangesAsync(run.StopRequested);
            }
        },
        run.StopRequested);
}
