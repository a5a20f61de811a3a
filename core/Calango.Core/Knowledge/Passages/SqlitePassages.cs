using System.Text;
using System.Text.Json;
using Calango.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Knowledge;

/// <summary>Finds candidates with FTS5 (sqlite.org/fts5.html), by its own BM25.</summary>
internal sealed class SqlitePassages : IPassageDialect
{
    public long MostEntries => 30_000;

    public Task AddAsync(CalangoDb db, Guid collectionId, IReadOnlyList<IndexedPassage> passages, CancellationToken cancellationToken)
    {
        var rows = JsonSerializer.Serialize(passages.Select(passage => new { n = passage.Number, w = WordsOf(collectionId, passage.Terms) }));
        return db.Database.ExecuteSqlAsync(
            $"INSERT INTO passage_words (rowid, words) SELECT value ->> 'n', value ->> 'w' FROM json_each({rows})", cancellationToken);
    }

    public Task CountAsync(CalangoDb db, Guid collectionId, IReadOnlyDictionary<string, int> passages, CancellationToken cancellationToken) => db.Database.ExecuteSqlAsync(
        $"""
        INSERT INTO term_counts ("CollectionId", "Term", "Passages") SELECT {collectionId}, key, value FROM json_each({JsonSerializer.Serialize(passages)}) WHERE true
        ON CONFLICT ("CollectionId", "Term") DO UPDATE SET "Passages" = "Passages" + excluded."Passages"
        """, cancellationToken);

    public Task<List<PassageCandidate>> FindAsync(CalangoDb db, IReadOnlyList<Guid> collections, IReadOnlyList<WeightedTerm> terms, int most, CancellationToken cancellationToken)
    {
        // Collections and terms have letters and digits only, so nothing in the quotation marks can end them.
        var match = $"({AnyOf(collections.Select(PassageDialect.WordOf))}) AND ({AnyOf(terms.Select(term => term.Term))})";
        return db.Database.SqlQuery<PassageCandidate>(
            $"""
            SELECT p."Number", found."Score" FROM
                (SELECT rowid AS "Number", -bm25(passage_words) AS "Score" FROM passage_words WHERE passage_words MATCH {match} ORDER BY rank LIMIT {2 * most}) AS found
            JOIN passages p ON p."Number" = found."Number" JOIN documents d ON d."Id" = p."DocumentId" AND d."Edition" = p."Edition" AND d."State" <> {(int)DocumentState.Removing}
            ORDER BY found."Score" DESC, p."Number" LIMIT {most}
            """).ToListAsync(cancellationToken);
    }

    private static string AnyOf(IEnumerable<string> words) => string.Join(" OR ", words.Select(word => $"\"{word}\""));

    private static string WordsOf(Guid collectionId, IReadOnlyDictionary<string, int> terms)
    {
        var words = new StringBuilder(PassageDialect.WordOf(collectionId));
        foreach (var (term, times) in terms)
        {
            for (var i = 0; i < times; i++)
            {
                words.Append(' ').Append(term);
            }
        }

        return words.ToString();
    }
}
