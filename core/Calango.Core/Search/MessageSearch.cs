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

    private readonly ISearchDialect _dialect = SearchDialect.Of(options);

    /// <summary>
    /// What fits best, of the account's chats that are not deleted. Any word may match, the last one also as the start of a
    /// word; rare words count most, and words found nearly everywhere don't count beside rarer ones. Everything in the
    /// query is text: it has no syntax.
    /// </summary>
    /// <param name="accountId">Whose chats.</param>
    /// <param name="query">What a person typed. Without a letter or digit it finds nothing.</param>
    /// <param name="cursor"><see cref="SearchPage.Next"/> of the page before; null, or not one of ours: from the start.</param>
    /// <param name="take">How many hits at most.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    public async Task<SearchPage> FindAsync(Guid accountId, string query, string? cursor, int take, CancellationToken cancellationToken)
    {
        var terms = SearchTerm.Of(query);
        return terms.Count == 0
            ? SearchPage.Empty
            : await database.ReadAsync(db => FindAsync(db, accountId, terms, SearchCursor.Parse(cursor), take, cancellationToken), cancellationToken);
    }

    private async Task<SearchPage> FindAsync(
        CalangoDb db, Guid accountId, IReadOnlyList<SearchTerm> terms, SearchCursor? after, int take, CancellationToken cancellationToken)
    {
        var newest = after?.Newest ?? await db.Set<SearchEntry>().MaxAsync(entry => (long?)entry.Number, cancellationToken) ?? 0;
        var (ranked, chosen) = await RankAsync(db, accountId, terms, newest, cancellationToken);
        var rest = after is null ? ranked : after.Skip(ranked);
        var hits = new List<(RankedEntry Entry, SearchHit Hit)>();
        foreach (var chunk in rest.Chunk(take + 1))
        {
            var found = await LoadAsync(db, accountId, chunk, cancellationToken);
            hits.AddRange(chunk.Where(entry => found.ContainsKey(entry.Number)).Select(entry => (entry, found[entry.Number].ToHit(chosen))));
            if (hits.Count > take)
            {
                return new SearchPage([.. hits.Take(take).Select(hit => hit.Hit)], SearchCursor.After(newest, ranked, hits[take - 1].Entry).ToString());
            }
        }

        return new SearchPage(hits.ConvertAll(hit => hit.Hit), null);
    }

    private async Task<(List<RankedEntry> Ranked, IReadOnlyList<SearchTerm> Chosen)> RankAsync(
        CalangoDb db, Guid accountId, IReadOnlyList<SearchTerm> terms, long newest, CancellationToken cancellationToken)
    {
        var counts = await _dialect.CountAsync(db, terms, newest, cancellationToken);
        var byRarity = terms.Zip(counts).OrderBy(pair => pair.Second).ToList();
        var sum = 0L;
        var rare = byRarity.TakeWhile(pair => (sum += pair.Second) < MaxRanked).Select(pair => pair.First).ToList();
        var ranked = rare.Count > 0 ? await _dialect.RankAsync(db, accountId, rare, newest, cancellationToken) : [];
        if (ranked.Count > 0 || rare.Count == terms.Count)
        {
            return (ranked, rare);
        }

        // Only frequent words are left: two of them together still say more than the rarest one.
        var frequent = byRarity.Skip(rare.Count).Take(2).Select(pair => pair.First).ToList();
        return (await _dialect.RankAsync(db, accountId, frequent, newest, cancellationToken), frequent);
    }

    // In SQL, since this layer lies below the chat's and knows its entities by name only. One parameter for all numbers:
    // a list of each length would be a statement of its own.
    private static Task<Dictionary<long, FoundText>> LoadAsync(CalangoDb db, Guid accountId, RankedEntry[] entries, CancellationToken cancellationToken)
    {
        var numbers = Array.ConvertAll(entries, entry => entry.Number);
        return db.Set<FoundText>().FromSql(
            $"""
            SELECT e."Number", e."ConversationId", e."MessageId", c."Title", COALESCE(substr(m."Text", 1, {MessageIndex.MaxIndexedLength}), c."Title") AS "Text",
                COALESCE(m."CreatedAt", c."ActiveAt") AS "At"
            FROM search_entries e JOIN conversations c ON c."Id" = e."ConversationId" LEFT JOIN messages m ON m."Id" = e."MessageId"
            WHERE e."AccountId" = {accountId} AND c."DeletedAt" IS NULL
            """).Where(found => EF.Parameter(numbers).Contains(found.Number)).ToDictionaryAsync(found => found.Number, cancellationToken);
    }
}

/// <summary>A text that was found, with what is shown beside it. A row of a query, not of a table.</summary>
internal sealed record FoundText(long Number, Guid ConversationId, Guid? MessageId, string? Title, string? Text, DateTimeOffset At)
{
    public SearchHit ToHit(IReadOnlyList<SearchTerm> terms) => new(ConversationId, MessageId, Title, SnippetOf(Text ?? "", terms), At);

    // What only the signs have, such as a link's address, is shown as it was written.
    private string SnippetOf(string text, IReadOnlyList<SearchTerm> terms)
    {
        var plain = MessageId is null ? text : PlainText.Of(text);
        var snippet = Snippet.Of(plain, terms);
        return snippet.Contains(Snippet.MatchStart, StringComparison.Ordinal) ? snippet : Snippet.Of(text, terms);
    }

    internal sealed class Mapping : IEntityTypeConfiguration<FoundText>
    {
        public void Configure(EntityTypeBuilder<FoundText> builder) => builder.HasNoKey().ToView(null);
    }
}
