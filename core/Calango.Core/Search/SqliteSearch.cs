using System.Text;
using Calango.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Search;

/// <summary>Searches with FTS5 (sqlite.org/fts5.html), ranked by BM25.</summary>
internal sealed class SqliteSearch : ISearchDialect
{
    public Task AddAsync(CalangoDb db, IndexedText entry, CancellationToken cancellationToken) => db.Database.ExecuteSqlAsync(
        $"""
        INSERT INTO search_entries ("AccountId", "ConversationId", "MessageId") VALUES ({entry.AccountId}, {entry.ConversationId}, {entry.MessageId});
        INSERT INTO search_words (rowid, words) VALUES (last_insert_rowid(), {WordsOf(entry.Text)})
        """, cancellationToken);

    public async Task<IReadOnlyList<long>> CountAsync(CalangoDb db, IReadOnlyList<SearchTerm> terms, long newest, CancellationToken cancellationToken)
    {
        var parameters = new List<object> { newest, MessageSearch.MaxRanked };
        var selects = terms.Select((term, index) =>
        {
            parameters.Add(ToMatch(term));
            return $$"""
                SELECT {{index}} AS "Term", (SELECT count(*) FROM
                    (SELECT 1 FROM search_words WHERE search_words MATCH {{{index + 2}}} AND rowid <= {0} LIMIT {1})) AS "Count"
                """;
        });
        var counts = await db.Database.SqlQueryRaw<TermCount>(string.Join("\nUNION ALL\n", selects), [.. parameters]).ToListAsync(cancellationToken);
        return [.. counts.OrderBy(count => count.Term).Select(count => count.Count)];
    }

    // A rank costs some microseconds an entry: of words that are everywhere only the newest entries are ranked.
    public Task<List<RankedEntry>> RankAsync(CalangoDb db, Guid accountId, IReadOnlyList<SearchTerm> terms, long newest, CancellationToken cancellationToken) =>
        db.Database.SqlQuery<RankedEntry>(
            $"""
            SELECT "Number", "Score" FROM
                (SELECT rowid AS "Number", -bm25(search_words) AS "Score" FROM search_words
                WHERE search_words MATCH {string.Join(" OR ", terms.Select(ToMatch))} AND rowid <= {newest} ORDER BY rowid DESC LIMIT {MessageSearch.MaxRanked})
            ORDER BY "Score" DESC, "Number" DESC LIMIT {MessageSearch.MaxHits}
            """).ToListAsync(cancellationToken);

    // A term has letters and digits only, so nothing in the quotation marks can end them.
    private static string ToMatch(SearchTerm term) => term.IsPrefix ? $"\"{term.Word}\" *" : $"\"{term.Word}\"";

    private static string WordsOf(string text)
    {
        var indexed = new StringBuilder(Math.Min(text.Length, MessageIndex.MaxIndexedLength) + 1);
        var words = new SearchWords(text);
        while (indexed.Length < MessageIndex.MaxIndexedLength && words.Read())
        {
            indexed.Append(words.Word).Append(' ');
        }

        return indexed.ToString();
    }

    private sealed record TermCount(int Term, long Count);
}
