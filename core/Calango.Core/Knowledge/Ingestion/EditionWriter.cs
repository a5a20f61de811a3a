using System.Text.Json;
using Calango.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Knowledge;

/// <summary>
/// Writes editions of documents, and removes them, bit by bit: each step is one short unit of work, and whatever ends it between two
/// of them, the next one goes on from there. Thread-safe.
/// </summary>
internal sealed class EditionWriter(Database database, DatabaseOptions options)
{
    private const int AtOnce = 100;

    private readonly IPassageDialect _dialect = PassageDialect.Of(options);

    /// <summary>Adds the passages of an edition that nobody can find yet. A passage that does not tell its language is taken to be in that of most.</summary>
    /// <param name="claim">Whose work it is; where it is not any more, nothing is written.</param>
    /// <param name="drafts">The passages.</param>
    /// <param name="isPlaced">They need no place.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The language of most.</returns>
    public async Task<TextLanguage> AddAsync(IntakeClaim claim, IReadOnlyList<PassageDraft> drafts, bool isPlaced, CancellationToken cancellationToken)
    {
        var language = drafts.Select(draft => WordAnalysis.LanguageOf(draft.Text)).Where(told => told != TextLanguage.Other)
            .CountBy(told => told).OrderByDescending(count => count.Value).Select(count => count.Key).FirstOrDefault(TextLanguage.Other);
        foreach (var batch in drafts.Index().Chunk(AtOnce))
        {
            var analysed = Array.ConvertAll(batch, entry => AnalysedPassage.Of(entry.Item, language));
            await database.WriteAsync(
                async db =>
                {
                    await claim.RequireAsync(db, cancellationToken);
                    var passages = batch.Zip(analysed, (entry, words) => NewPassage(claim, entry.Index, entry.Item, words.Language, isPlaced)).ToList();
                    db.AddRange(passages);
                    await db.SaveChangesAsync(cancellationToken);
                    await _dialect.AddAsync(db, claim.CollectionId, [.. passages.Zip(analysed, (passage, words) => new IndexedPassage(passage.Number, words.Terms))], cancellationToken);
                    await CountAsync(db, claim.CollectionId, analysed, 1, cancellationToken);
                },
                cancellationToken);
        }

        return language;
    }

    /// <summary>Removes a part of a document's editions besides those that count.</summary>
    /// <param name="collectionId">The collection.</param>
    /// <param name="documentId">The document.</param>
    /// <param name="kept">The editions that stay.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many passages went; 0: there are no others.</returns>
    public Task<int> RemoveSomeAsync(Guid collectionId, Guid documentId, IReadOnlyList<Guid> kept, CancellationToken cancellationToken) => database.WriteAsync(
        async db =>
        {
            var passages = await db.Set<Passage>().AsNoTracking().Where(passage => passage.DocumentId == documentId && !kept.Contains(passage.Edition)).OrderBy(passage => passage.Number).Take(AtOnce).ToListAsync(cancellationToken);
            if (passages.Count > 0)
            {
                var numbers = passages.ConvertAll(passage => passage.Number);
                await db.Set<PassageVector>().Where(vector => numbers.Contains(vector.PassageNumber)).ExecuteDeleteAsync(cancellationToken);
                await db.Set<Passage>().Where(passage => numbers.Contains(passage.Number)).ExecuteDeleteAsync(cancellationToken);
                await CountAsync(db, collectionId, [.. passages.Select(AnalysedPassage.Of)], -1, cancellationToken);
            }

            return passages.Count;
        },
        cancellationToken);

    private async Task CountAsync(CalangoDb db, Guid collectionId, IReadOnlyList<AnalysedPassage> passages, int sign, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var term in passages.SelectMany(passage => passage.Terms.Keys))
        {
            counts[term] = counts.GetValueOrDefault(term) + sign;
        }

        await _dialect.CountAsync(db, collectionId, counts, cancellationToken);
        var (added, words) = (sign * passages.Count, sign * passages.Sum(passage => (long)passage.Words));
        await db.Set<Collection>().Where(collection => collection.Id == collectionId).ExecuteUpdateAsync(
            set => set.SetProperty(collection => collection.Passages, collection => collection.Passages + added)
                .SetProperty(collection => collection.Words, collection => collection.Words + words), cancellationToken);
    }

    private static Passage NewPassage(IntakeClaim claim, int ordinal, PassageDraft draft, TextLanguage language, bool isPlaced) => new()
    {
        DocumentId = claim.DocumentId,
        Edition = claim.Edition,
        Ordinal = ordinal,
        Headings = draft.Headings,
        Page = draft.Page,
        LastPage = draft.LastPage,
        Text = draft.Text,
        Language = language,
        Tokens = draft.Tokens,
        Windows = draft.Windows is [var only] && only == Passage.Placed(draft.Headings, draft.Text) ? null : JsonSerializer.Serialize(draft.Windows),
        IsPlaced = isPlaced,
    };
}

/// <summary>What of a passage is counted and looked for. Its headings are a part of it.</summary>
internal sealed record AnalysedPassage(TextLanguage Language, IReadOnlyDictionary<string, int> Terms, int Words)
{
    public static AnalysedPassage Of(PassageDraft draft, TextLanguage fallback)
    {
        var text = Passage.Placed(draft.Headings, draft.Text);
        return Of(text, WordAnalysis.LanguageOf(text) is var told and not TextLanguage.Other ? told : fallback);
    }

    public static AnalysedPassage Of(Passage passage) => Of(Passage.Placed(passage.Headings, passage.Text), passage.Language);

    private static AnalysedPassage Of(string text, TextLanguage language)
    {
        var terms = new WordAnalysis(language).TermsOf(text);
        return new AnalysedPassage(language, terms.CountBy(term => term).ToDictionary(StringComparer.Ordinal), terms.Count);
    }
}
