using System.Text;
using Calango.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Knowledge;

/// <summary>
/// Finds candidates through a GIN index over a tsvector. PostgreSQL's own ranks know neither how rare a term is nor how long a
/// passage is: the first is given with the question, and of the second the weight of a lexeme, A to D, tells how much the term counts
/// in its passage.
/// </summary>
internal sealed class PostgresPassages : IPassageDialect
{
    // Of a term that is looked for alone, however frequent it is.
    private const int MostOfTerm = 20_000;

    // An entry that has a term is a row read at a random place, five microseconds even where all are in memory.
    public long MostEntries => 10_000;

    public Task AddAsync(CalangoDb db, Guid collectionId, IReadOnlyList<IndexedPassage> passages, CancellationToken cancellationToken)
    {
        var numbers = passages.Select(passage => passage.Number).ToArray();
        var words = passages.Select(passage => WordsOf(collectionId, passage.Terms)).ToArray();
        return db.Database.ExecuteSqlAsync(
            $"""UPDATE passages SET "Words" = added.words::tsvector FROM unnest({numbers}, {words}) AS added(number, words) WHERE "Number" = added.number""", cancellationToken);
    }

    public Task CountAsync(CalangoDb db, Guid collectionId, IReadOnlyDictionary<string, int> passages, CancellationToken cancellationToken)
    {
        // In one order always: two that count at once would wait for each other for ever.
        var terms = passages.Keys.Order(StringComparer.Ordinal).ToArray();
        var counts = Array.ConvertAll(terms, term => passages[term]);
        return db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO term_counts ("CollectionId", "Term", "Passages") SELECT {collectionId}, term, count FROM unnest({terms}, {counts}) AS added(term, count)
            ON CONFLICT ("CollectionId", "Term") DO UPDATE SET "Passages" = term_counts."Passages" + excluded."Passages"
            """, cancellationToken);
    }

    public Task<List<PassageCandidate>> FindAsync(CalangoDb db, IReadOnlyList<Guid> collections, IReadOnlyList<WeightedTerm> terms, int most, CancellationToken cancellationToken)
    {
        var anyCollection = string.Join(" | ", collections.Select(id => $"'{PassageDialect.WordOf(id)}'"));
        var parameters = new List<object> { MostOfTerm, most, (int)DocumentState.Removing };
        var selects = terms.Select(term =>
        {
            parameters.AddRange([$"({anyCollection}) & '{term.Term}'", $"'{term.Term}'", term.Weight]);
            return $$"""
                SELECT "Number", "DocumentId", "Edition", {{{parameters.Count - 1}}}::float8 * ts_rank(ARRAY[0.25, 0.5, 0.75, 1.0]::real[], "Words", {{{parameters.Count - 2}}}::tsquery) AS "Score" FROM
                    (SELECT "Number", "DocumentId", "Edition", "Words" FROM passages WHERE "Words" @@ {{{parameters.Count - 3}}}::tsquery LIMIT {0}) AS of_term
                """;
        }).ToList();
        return db.Database.SqlQueryRaw<PassageCandidate>(
            $$"""
            SELECT found."Number", sum(found."Score") AS "Score" FROM ({{string.Join("\nUNION ALL\n", selects)}}) AS found
            JOIN documents d ON d."Id" = found."DocumentId" AND d."Edition" = found."Edition" AND d."State" <> {2}
            GROUP BY found."Number" ORDER BY "Score" DESC, "Number" LIMIT {1}
            """, [.. parameters]).ToListAsync(cancellationToken);
    }

    // Terms have letters and digits only, so nothing in the quotation marks can end them.
    private static string WordsOf(Guid collectionId, IReadOnlyDictionary<string, int> terms)
    {
        var length = terms.Values.Sum();
        var words = new StringBuilder().Append('\'').Append(PassageDialect.WordOf(collectionId)).Append('\'');
        foreach (var (term, times) in terms)
        {
            words.Append(" '").Append(term).Append("':1").Append(LabelOf(times, length));
        }

        return words.ToString();
    }

    private static char LabelOf(int times, int length) => KeywordScore.Saturation(times, length, KeywordScore.UsualLength) switch
    {
        > 1.5 => 'A',
        > 1.15 => 'B',
        > 0.85 => 'C',
        _ => 'D',
    };
}
