using System.Text;
using System.Text.Json;
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

    // One statement for any number of terms: EF and SQLite read a new one longer than it runs.
    public async Task<IReadOnlyList<long>> CountAsync(CalangoDb db, IReadOnlyList<SearchTerm> terms, long newest, CancellationToken cancellationToken)
    {
        var matches = JsonSerializer.Serialize(terms.Select(ToMatch));
        return await db.Database.SqlQuery<long>(
            $"""
            SELECT (SELECT count(*) FROM
                (SELECT 1 FROM search_words WHERE search_words MATCH term.value AND rowid <= {newest} LIMIT {MessageSearch.MaxRanked})) AS "Value"
            FROM json_each({matches}) AS term ORDER BY term.key
            """).ToListAsync(cancellationToken);
    }

    // A rank costs some microseconds an entry: of words that are everywhere only the newest entries are ranked.
    public Task<List<RankedEntry>> RankAsync(CalangoDb db, Guid accountId, IReadOnlyList<SearchTerm> terms, SearchFilter filter, long newest, CancellationToken cancellationToken)
    {
        var parameters = new List<object> { string.Join(" OR ", terms.Select(ToMatch)), newest, MessageSearch.MaxRanked, MessageSearch.MaxHits };
        var condition = filter.ToSql(isSqlite: true, "search_words.rowid", parameters);
        return db.Database.SqlQueryRaw<RankedEntry>(
            $$"""
            SELECT "Number", "Score" FROM
                (SELECT rowid AS "Number", -bm25(search_words) AS "Score" FROM search_words
                WHERE search_words MATCH {0} AND rowid <= {1}{{condition}} ORDER BY rowid DESC LIMIT {2})
            ORDER BY "Score" DESC, "Number" DESC LIMIT {3}
            """, [.. parameters]).ToListAsync(cancellationToken);
    }

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
}
