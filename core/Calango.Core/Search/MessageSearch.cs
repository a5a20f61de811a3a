using Calango.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Search;

/// <summary>Finds titles and messages by their words. Thread-safe.</summary>
public sealed class MessageSearch(Database database, DatabaseOptions options)
{
    /// <summary>How many entries are ranked at most: what keeps a search quick however large the archive.</summary>
    internal const int MaxRanked = 3_000;

    /// <summary>How many hits can be paged through.</summary>
    internal const int MaxHits = 1_000;

    // What does not have the query's rare words among these has them nowhere.
    private const int MostCovered = 5;

    private readonly ISearchDialect _dialect = SearchDialect.Of(options);

    /// <summary>
    /// What fits best, of the account's chats that are not deleted. Any word may match, the last one also as the start of a
    /// word; rare words count most, and words found nearly everywhere don't count beside rarer ones. Everything in the
    /// query is text: it has no syntax.
    /// </summary>
    /// <param name="accountId">Whose chats.</param>
    /// <param name="query">What a person typed. Without a letter or digit it finds nothing.</param>
    /// <param name="filter">Where is looked.</param>
    /// <param name="cursor"><see cref="SearchPage.Next"/> of the page before; null, or not one of ours: from the start.</param>
    /// <param name="take">How many hits at most.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    public Task<SearchPage> FindAsync(Guid accountId, string query, SearchFilter filter, string? cursor, int take, CancellationToken cancellationToken) =>
        FindAsync(accountId, query, filter, cursor, take, (words, _) => Task.FromResult(new SearchOrder(words.Ranked)), cancellationToken);

    /// <inheritdoc cref="FindAsync(Guid, string, SearchFilter, string?, int, CancellationToken)"/>
    /// <param name="accountId">Whose chats.</param>
    /// <param name="query">What a person typed. Without a letter or digit it finds nothing.</param>
    /// <param name="filter">Where is looked.</param>
    /// <param name="cursor"><see cref="SearchPage.Next"/> of the page before, which was put in order likewise; null, or not one of ours: from the start.</param>
    /// <param name="take">How many hits at most.</param>
    /// <param name="order">Puts what the words have found in another order, and may add to it.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    internal async Task<SearchPage> FindAsync(
        Guid accountId, string query, SearchFilter filter, string? cursor, int take, Func<FoundByWords, CancellationToken, Task<SearchOrder>> order, CancellationToken cancellationToken)
    {
        var terms = SearchTerm.Of(query);
        if (terms.Count == 0)
        {
            return SearchPage.Empty;
        }

        var after = SearchCursor.Parse(cursor);
        var words = await database.ReadAsync(db => RankAsync(db, accountId, terms, filter, after?.Newest, cancellationToken), cancellationToken);
        var ordered = await order(words, cancellationToken);
        return await database.ReadAsync(db => PageAsync(db, accountId, words, filter, ordered, after, take, cancellationToken), cancellationToken);
    }

    /// <summary>How much of what the query's words say the best of the first entries has, 0 to 1.</summary>
    internal Task<double> CoverageAsync(Guid accountId, FoundByWords words, CancellationToken cancellationToken) => database.ReadAsync(
        async db => (await LoadAsync(db, accountId, SearchFilter.None, [.. words.Ranked.Take(MostCovered)], cancellationToken)).Values.Select(found => words.CoverageOf(found.Text ?? "")).DefaultIfEmpty().Max(), cancellationToken);

    private async Task<SearchPage> PageAsync(
        CalangoDb db, Guid accountId, FoundByWords words, SearchFilter filter, SearchOrder ordered, SearchCursor? after, int take, CancellationToken cancellationToken)
    {
        var rest = after is null ? ordered.Entries : after.Skip(ordered.Entries);
        var hits = new List<(RankedEntry Entry, SearchHit Hit)>();
        foreach (var chunk in rest.Chunk(take + 1))
        {
            var found = await LoadAsync(db, accountId, filter, chunk, cancellationToken);
            hits.AddRange(chunk.Where(entry => found.ContainsKey(entry.Number)).Select(entry => (entry, HitOf(found[entry.Number]))));
            if (hits.Count > take)
            {
                return new SearchPage([.. hits.Take(take).Select(hit => hit.Hit)], SearchCursor.After(words.Newest, ordered.Entries, hits[take - 1].Entry).ToString());
            }
        }

        return new SearchPage(hits.ConvertAll(hit => hit.Hit), null);

        SearchHit HitOf(FoundText text) => ordered.Others.Contains(text.Number) ? text.ToHit([]) with { ByMeaning = true } : text.ToHit(words.Chosen);
    }

    private async Task<FoundByWords> RankAsync(CalangoDb db, Guid accountId, IReadOnlyList<SearchTerm> terms, SearchFilter filter, long? seen, CancellationToken cancellationToken)
    {
        var newest = seen ?? await db.Set<SearchEntry>().MaxAsync(entry => (long?)entry.Number, cancellationToken) ?? 0;
        var counts = await _dialect.CountAsync(db, terms, newest, cancellationToken);
        var byRarity = terms.Zip(counts).OrderBy(pair => pair.Second).ToList();
        var sum = 0L;
        var rare = byRarity.TakeWhile(pair => (sum += pair.Second) < MaxRanked).Select(pair => pair.First).ToList();
        var ranked = rare.Count > 0 ? await _dialect.RankAsync(db, accountId, rare, filter, newest, cancellationToken) : [];
        if (ranked.Count > 0 || rare.Count == terms.Count)
        {
            return new FoundByWords(ranked, rare, byRarity, newest);
        }

        // Only frequent words are left: two of them together still say more than the rarest one.
        var frequent = byRarity.Skip(rare.Count).Take(2).Select(pair => pair.First).ToList();
        return new FoundByWords(await _dialect.RankAsync(db, accountId, frequent, filter, newest, cancellationToken), frequent, byRarity, newest);
    }

    // In SQL, since this layer lies below the chat's and knows its entities by name only. One parameter for all numbers:
    // a list of each length would be a statement of its own.
    private static Task<Dictionary<long, FoundText>> LoadAsync(CalangoDb db, Guid accountId, SearchFilter filter, RankedEntry[] entries, CancellationToken cancellationToken)
    {
        var numbers = Array.ConvertAll(entries, entry => entry.Number);
        var parameters = new List<object> { MessageIndex.MaxIndexedLength, accountId };
        var condition = filter.ToSql(db.IsSqlite, parameters);
        return db.Set<FoundText>().FromSqlRaw(
            $$"""
            SELECT e."Number", e."ConversationId", e."MessageId", c."Title", COALESCE(substr(m."Text", 1, {0}), c."Title") AS "Text",
                COALESCE(m."CreatedAt", c."ActiveAt") AS "At", c."ArchivedAt" IS NOT NULL AS "IsArchived"
            FROM search_entries e JOIN conversations c ON c."Id" = e."ConversationId" LEFT JOIN messages m ON m."Id" = e."MessageId"
            WHERE e."AccountId" = {1} AND c."DeletedAt" IS NULL{{condition}}
            """, [.. parameters]).Where(found => EF.Parameter(numbers).Contains(found.Number)).ToDictionaryAsync(found => found.Number, cancellationToken);
    }
}

/// <summary>A text that was found, with what is shown beside it. A row of a query, not of a table.</summary>
internal sealed record FoundText(long Number, Guid ConversationId, Guid? MessageId, string? Title, string? Text, DateTimeOffset At, bool IsArchived)
{
    public SearchHit ToHit(IReadOnlyList<SearchTerm> terms) => new(ConversationId, MessageId, Title, SnippetOf(Text ?? "", terms), At) { IsArchived = IsArchived };

    // What only the signs have, such as a link's address, is shown as it was written.
    private string SnippetOf(string text, IReadOnlyList<SearchTerm> terms)
    {
        var plain = MessageId is null ? text : PlainText.Of(text);
        var snippet = Snippet.Of(plain, terms);
        return terms.Count == 0 || snippet.Contains(Snippet.MatchStart, StringComparison.Ordinal) ? snippet : Snippet.Of(text, terms);
    }

    internal sealed class Mapping : IEntityTypeConfiguration<FoundText>
    {
        public void Configure(EntityTypeBuilder<FoundText> builder) => builder.HasNoKey().ToView(null);
    }
}
