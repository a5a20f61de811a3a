using Calango.Core.Data;
using Calango.Core.Errors;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Knowledge;

/// <summary>
/// Measures how well a collection answers: questions whose documents are known are asked of it in one set-up after another, and what
/// came of each is kept, to be compared. Whoever may set a collection up may do so. Thread-safe.
/// </summary>
public sealed class Evaluations
{
    /// <summary>The most questions that a collection keeps.</summary>
    public const int MostQuestions = 500;

    private const int MostRuns = 50;
    private const int FewestWords = 6;

    private readonly Database _database;
    private readonly Collections _collections;
    private readonly PassageSearch _search;
    private readonly TimeProvider _clock;

    internal Evaluations(Database database, Collections collections, PassageSearch search, TimeProvider clock) =>
        (_database, _collections, _search, _clock) = (database, collections, search, clock);

    /// <summary>The questions of a collection, in the order in which they were given.</summary>
    /// <inheritdoc cref="Collections.FindAsync"/>
    public async Task<List<EvaluationQuestion>> QuestionsAsync(Guid accountId, Guid collectionId, CancellationToken cancellationToken)
    {
        await _collections.FindAsync(accountId, collectionId, CollectionRight.Manage, cancellationToken);
        return await _database.ReadAsync(
            db => db.Set<EvaluationQuestion>().Where(question => question.CollectionId == collectionId).OrderBy(question => question.Id).ToListAsync(cancellationToken), cancellationToken);
    }

    /// <summary>What was measured, the latest first.</summary>
    /// <inheritdoc cref="Collections.FindAsync"/>
    public async Task<List<EvaluationRun>> RunsAsync(Guid accountId, Guid collectionId, CancellationToken cancellationToken)
    {
        await _collections.FindAsync(accountId, collectionId, CollectionRight.Manage, cancellationToken);
        return await _database.ReadAsync(
            db => db.Set<EvaluationRun>().Where(run => run.CollectionId == collectionId).OrderByDescending(run => run.Id).ToListAsync(cancellationToken), cancellationToken);
    }

    /// <summary>Adds questions, a line each, as <see cref="QuestionList"/> reads them.</summary>
    /// <inheritdoc cref="Collections.FindAsync"/>
    /// <exception cref="RejectedException"><c>evaluation.line</c>, <c>evaluation.none</c>; <c>evaluation.document</c>: a document is not in the collection; <c>evaluation.tooMany</c>.</exception>
    public Task AddAsync(Guid accountId, Guid collectionId, string lines, CancellationToken cancellationToken) =>
        AddAsync(accountId, collectionId, QuestionList.Read(lines), cancellationToken);

    /// <summary>Adds questions, each with the names of the documents that answer it.</summary>
    /// <inheritdoc cref="Collections.FindAsync"/>
    /// <exception cref="RejectedException"><c>evaluation.none</c>: a question has no document, or there is none; <c>evaluation.document</c>: one is not in the collection; <c>evaluation.tooMany</c>.</exception>
    public async Task AddAsync(Guid accountId, Guid collectionId, IReadOnlyList<(string Text, IReadOnlyList<string> Documents)> questions, CancellationToken cancellationToken)
    {
        await _collections.FindAsync(accountId, collectionId, CollectionRight.Manage, cancellationToken);
        if (questions.Count == 0 || questions.Any(question => question.Documents.Count == 0))
        {
            throw new RejectedException("evaluation.none");
        }

        var names = questions.SelectMany(question => question.Documents).Distinct().ToList();
        var known = await _database.ReadAsync(
            db => db.Set<Document>().Where(document => document.CollectionId == collectionId && document.State != DocumentState.Removing && EF.Parameter(names).Contains(document.Name))
                .Select(document => document.Name).ToListAsync(cancellationToken), cancellationToken);
        if (names.Except(known).FirstOrDefault() is { } unknown)
        {
            throw new RejectedException("evaluation.document", ("name", unknown));
        }

        await StoreAsync(collectionId, questions, cancellationToken);
    }

    /// <summary>
    /// Makes questions of the collection itself: of passages from all over it the sentence that says most. They are in the words of the
    /// documents, so that they flatter the comparison of words.
    /// </summary>
    /// <inheritdoc cref="Collections.FindAsync"/>
    /// <returns>How many were made.</returns>
    public async Task<int> MakeAsync(Guid accountId, Guid collectionId, int count, CancellationToken cancellationToken)
    {
        await _collections.FindAsync(accountId, collectionId, CollectionRight.Manage, cancellationToken);
        var numbers = await _database.ReadAsync(
            db => (from document in db.Set<Document>()
                   where document.CollectionId == collectionId && document.State != DocumentState.Removing
                   join passage in db.Set<Passage>() on document.Edition equals (Guid?)passage.Edition
                   orderby passage.Number
                   select passage.Number).ToListAsync(cancellationToken), cancellationToken);
        var from = Math.Min(count, numbers.Count);
        var chosen = Enumerable.Range(0, from).Select(place => numbers[(int)((long)place * numbers.Count / from)]).ToList();
        var passages = await _database.ReadAsync(
            db => (from passage in db.Set<Passage>()
                   where EF.Parameter(chosen).Contains(passage.Number)
                   join document in db.Set<Document>() on passage.DocumentId equals document.Id
                   select new { document.Name, passage.Text }).ToListAsync(cancellationToken), cancellationToken);
        var made = passages.Select(passage => (Text: TellingSentence(passage.Text), Documents: (IReadOnlyList<string>)[passage.Name])).Where(question => question.Text is not null)
            .Select(question => (question.Text!, question.Documents)).ToList();
        if (made.Count > 0)
        {
            await StoreAsync(collectionId, made, cancellationToken);
        }

        return made.Count;
    }

    /// <summary>Removes all questions of a collection, and what was measured with them.</summary>
    /// <inheritdoc cref="Collections.FindAsync"/>
    public async Task ClearAsync(Guid accountId, Guid collectionId, CancellationToken cancellationToken)
    {
        await _collections.FindAsync(accountId, collectionId, CollectionRight.Manage, cancellationToken);
        await _database.WriteAsync(
            async db =>
            {
                await db.Set<EvaluationRun>().Where(run => run.CollectionId == collectionId).ExecuteDeleteAsync(cancellationToken);
                await db.Set<EvaluationQuestion>().Where(question => question.CollectionId == collectionId).ExecuteDeleteAsync(cancellationToken);
            },
            cancellationToken);
    }

    /// <summary>Asks all questions, with the collection set up in one way; its own set-up stays as it is. Passages are those that there are: how they were cut does not change.</summary>
    /// <inheritdoc cref="Collections.FindAsync"/>
    /// <exception cref="RejectedException"><c>retrieval.…</c>: a value is out of its range. <c>evaluation.none</c>: there are no questions.</exception>
    public async Task<EvaluationRun> RunAsync(Guid accountId, Guid collectionId, RetrievalOptions options, CancellationToken cancellationToken)
    {
        options.Validate();
        var questions = await QuestionsAsync(accountId, collectionId, cancellationToken);
        if (questions.Count == 0)
        {
            throw new RejectedException("evaluation.none");
        }

        var collection = (await _collections.FindAsync(accountId, collectionId, CollectionRight.Manage, cancellationToken)).Collection;
        collection.Options = options with { ChunkTokens = collection.Options.ChunkTokens, OverlapTokens = collection.Options.OverlapTokens };
        var (scores, given) = (new List<RankScore>(questions.Count), 0);
        foreach (var question in questions)
        {
            var found = await _search.FindAsync([collection], question.Text, cancellationToken);
            scores.Add(RankScore.Of(found.Candidates.Select(candidate => candidate.DocumentName), question.Documents.Distinct().ToDictionary(name => name, _ => 1)));
            given += found.Chosen.Any(chosen => question.Documents.Contains(chosen.DocumentName)) ? 1 : 0;
        }

        var now = _clock.GetUtcNow();
        var run = new EvaluationRun
        {
            Id = Guid.CreateVersion7(now), CollectionId = collectionId, At = now, Options = collection.Options, Fingerprint = collection.Fingerprint, Questions = questions.Count,
            Ndcg = scores.Average(score => score.Ndcg), Recall = scores.Average(score => score.Recall), Mrr = scores.Average(score => score.Mrr), Given = (double)given / questions.Count,
        };
        await StoreAsync(run, cancellationToken);
        return run;
    }

    private Task StoreAsync(Guid collectionId, IReadOnlyList<(string Text, IReadOnlyList<string> Documents)> questions, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        return _database.WriteAsync(
            async db =>
            {
                if (await db.Set<EvaluationQuestion>().CountAsync(question => question.CollectionId == collectionId, cancellationToken) + questions.Count > MostQuestions)
                {
                    throw new RejectedException("evaluation.tooMany", ("limit", $"{MostQuestions}"));
                }

                // A millisecond later each, so that their ids keep the order.
                db.AddRange(questions.Select((question, place) => new EvaluationQuestion { Id = Guid.CreateVersion7(now.AddMilliseconds(place)), CollectionId = collectionId, Text = question.Text, Documents = question.Documents }));
                await db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
    }

    private Task StoreAsync(EvaluationRun run, CancellationToken cancellationToken) => _database.WriteAsync(
        async db =>
        {
            var old = await db.Set<EvaluationRun>().Where(other => other.CollectionId == run.CollectionId).OrderByDescending(other => other.Id).Skip(MostRuns - 1).Select(other => other.Id).ToListAsync(cancellationToken);
            await db.Set<EvaluationRun>().Where(other => old.Contains(other.Id)).ExecuteDeleteAsync(cancellationToken);
            db.Add(run);
            await db.SaveChangesAsync(cancellationToken);
        },
        cancellationToken);

    // The longest says most; one without a verb, such as a title, is short.
    private static string? TellingSentence(string text) =>
        Sentences.Of(text).Select(sentence => sentence.Trim()).Where(sentence => sentence.Length <= EvaluationQuestion.MaxTextLength && sentence.Count(char.IsWhiteSpace) >= FewestWords - 1)
            .MaxBy(sentence => sentence.Length);
}
