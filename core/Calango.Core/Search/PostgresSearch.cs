using Calango.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Search;

/// <summary>
/// Searches a tsvector column through its GIN index. PostgreSQL's own ranks know nothing of how rare a word is, so the
/// rank is the inverse document frequency of the distinct terms found, summed.
/// </summary>
internal sealed class PostgresSearch : ISearchDialect
{
    // An entry that has a term is a page read at a random place: of each term only the newest are.
    private const int MaxOfTerm = 2_000;

    // The words go in as they are: to_tsvector would split and drop them by rules of its own. The account is a word too,
    // one that no text can have: the index finds a person's entries without reading everybody's.
    public Task AddAsync(CalangoDb db, IndexedText entry, CancellationToken cancellationToken) => db.Database.ExecuteSqlAsync(
        $"""
        INSERT INTO search_entries ("AccountId", "ConversationId", "MessageId", "Words")
        VALUES ({entry.AccountId}, {entry.ConversationId}, {entry.MessageId}, array_to_tsvector({WordsOf(entry)}))
        """, cancellationToken);

    // What the planner knows already of the most frequent words; of the others it is known that they are rare.
    public async Task<IReadOnlyList<long>> CountAsync(CalangoDb db, IReadOnlyList<SearchTerm> terms, long newest, CancellationToken cancellationToken)
    {
        var words = terms.Select(term => term.Word).ToArray();
        var prefixes = terms.Select(term => term.IsPrefix).ToArray();
        return await db.Database.SqlQuery<long>(
            $"""
            SELECT (LEAST(COALESCE(sum(frequent.share), 0), 1) * (SELECT GREATEST(reltuples, 0) FROM pg_class WHERE oid = 'search_entries'::regclass))::bigint AS "Value"
            FROM unnest({words}, {prefixes}) WITH ORDINALITY AS term(word, prefix, place)
            LEFT JOIN (
                SELECT element.word, element.share
                FROM pg_stats, unnest(most_common_elems::text::text[], most_common_elem_freqs) AS element(word, share)
                WHERE schemaname = current_schema() AND tablename = 'search_entries' AND attname = 'Words') frequent
            ON frequent.word = term.word OR (term.prefix AND starts_with(frequent.word, term.word))
            GROUP BY term.place ORDER BY term.place
            """).ToListAsync(cancellationToken);
    }

    public Task<List<RankedEntry>> RankAsync(CalangoDb db, Guid accountId, IReadOnlyList<SearchTerm> terms, SearchFilter filter, long newest, CancellationToken cancellationToken)
    {
        var parameters = new List<object> { newest, MaxOfTerm, MessageSearch.MaxHits };
        var condition = filter.ToSql(isSqlite: false, "found.\"Number\"", parameters);
        var before = parameters.Count;
        var selects = terms.Select((term, index) =>
        {
            parameters.Add(ToQuery(accountId, term));
            return $$"""
                SELECT "Number", ln(1 + {0}::float8 / count(*) OVER ()) AS "Rarity" FROM
                    (SELECT "Number" FROM search_entries found WHERE "Words" @@ {{{index + before}}}::tsquery AND "Number" <= {0}{{condition}} ORDER BY "Number" DESC LIMIT {1}) AS term{{index}}
                """;
        });
        return db.Database.SqlQueryRaw<RankedEntry>(
            $$"""
            SELECT "Number", round(sum("Rarity")::numeric, 6)::float8 AS "Score" FROM ({{string.Join("\nUNION ALL\n", selects)}}) AS found
            GROUP BY "Number" ORDER BY "Score" DESC, "Number" DESC LIMIT {2}
            """, [.. parameters]).ToListAsync(cancellationToken);
    }

    // A term has letters and digits only, so nothing in the quotation marks can end them.
    private static string ToQuery(Guid accountId, SearchTerm term) => $"'{WordOf(accountId)}' & '{term.Word}'{(term.IsPrefix ? ":*" : "")}";

    private static string WordOf(Guid accountId) => $"@{accountId:N}";

    private static string[] WordsOf(IndexedText entry)
    {
        var distinct = new HashSet<string> { WordOf(entry.AccountId) };
        var lookup = distinct.GetAlternateLookup<ReadOnlySpan<char>>();
        var words = new SearchWords(entry.Text);
        for (var length = 0; length < MessageIndex.MaxIndexedLength && words.Read();)
        {
            length += lookup.Add(words.Word) ? words.Word.Length : 0;
        }

        return [.. distinct];
    }
}
