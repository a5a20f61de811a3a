using Calango.Core.Data;
using Calango.Core.Models;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Knowledge;

/// <summary>
/// Finds the passages of collections that belong to a question: by their words and by their meaning. The indexes name candidates; all
/// of these are compared with the question in the same way, whatever the database and whichever index named them. Thread-safe.
/// </summary>
public sealed class PassageSearch
{
    private const int KeywordCandidates = 200;
    private const int MeaningCandidates = 100;

    private readonly Database _database;
    private readonly QuestionPlaces _places;
    private readonly Reranking _reranking;
    private readonly IPassageDialect _dialect;

    internal PassageSearch(Database database, DatabaseOptions options, QuestionPlaces places, Reranking reranking) =>
        (_database, _places, _reranking, _dialect) = (database, places, reranking, PassageDialect.Of(options));

    /// <summary>Looks in some collections.</summary>
    /// <param name="collections">Which, as they were read just now; who may look in them was asked before. How they are set up counts, of the number of passages and the threshold the first one's.</param>
    /// <param name="question">What is asked. Everything in it is text: it has no syntax.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<FoundPassages> FindAsync(IReadOnlyList<Collection> collections, string question, CancellationToken cancellationToken)
    {
        if (collections.Count == 0 || string.IsNullOrWhiteSpace(question))
        {
            return new FoundPassages([], MeaningCounted: false, Translation: null, IndexIsAway: false);
        }

        var query = KeywordQuery.Of(question);
        var byMeaning = _places.NearestAsync(collections, question, MeaningCandidates, cancellationToken);
        var (statistics, byWords) = await FindByWordsAsync(collections, query, cancellationToken);
        var meaning = await byMeaning;
        var rows = await ReadAsync([.. byWords.Union(meaning.Nearest)], cancellationToken);
        var cosines = await meaning.CosinesOfAsync(rows.ConvertAll(row => (row.CollectionId, row.Passage.Number)), cancellationToken);
        var ranked = Rank(rows, new KeywordScore(query, statistics), cosines, meaning, collections.ToDictionary(collection => collection.Id));
        var (options, passages) = (collections[0].Options, ranked.ConvertAll(found => found.Passage));
        var ordered = await _reranking.ApplyAsync(passages, question, ModelRef.TryParse(options.Reranker, out var model) ? model : null, cancellationToken);
        return new FoundPassages(Selection.Choose(ordered ?? passages, Words(ranked), options), meaning.Counts, meaning.Translation, meaning.IsIndexAway) { RerankerIsAway = ordered is null };
    }

    private Task<(CollectionStatistics Statistics, List<long> Numbers)> FindByWordsAsync(IReadOnlyList<Collection> collections, KeywordQuery query, CancellationToken cancellationToken)
    {
        var ids = collections.Select(collection => collection.Id).ToList();
        return _database.ReadAsync(
            async db =>
            {
                var statistics = await CollectionStatistics.ReadAsync(db, ids, query, cancellationToken);
                var terms = Rarest(query, statistics);
                var found = terms.Count == 0 ? [] : await _dialect.FindAsync(db, ids, terms, KeywordCandidates, cancellationToken);
                return (statistics, found.ConvertAll(candidate => candidate.Number));
            },
            cancellationToken);
    }

    private List<WeightedTerm> Rarest(KeywordQuery query, CollectionStatistics statistics)
    {
        var entries = 0L;
        return [.. query.Terms.Where(term => statistics.CountOf(term) > 0).OrderBy(statistics.CountOf)
            .TakeWhile((term, place) => (entries += statistics.CountOf(term)) <= _dialect.MostEntries || place == 0)
            .Select(term => new WeightedTerm(term, statistics.RarityOf(term)))];
    }

    private Task<List<PassageRow>> ReadAsync(long[] numbers, CancellationToken cancellationToken) => _database.ReadAsync(
        db => (from passage in db.Set<Passage>()
               where EF.Parameter(numbers).Contains(passage.Number)
               join document in db.Set<Document>() on passage.DocumentId equals document.Id
               where document.Edition == passage.Edition && document.State != DocumentState.Removing
               select new PassageRow(passage, document.CollectionId, document.Name)).ToListAsync(cancellationToken),
        cancellationToken);

    private static List<(FoundPassage Passage, IReadOnlySet<string> Words)> Rank(
        List<PassageRow> rows, KeywordScore keywords, IReadOnlyDictionary<long, float> cosines, QuestionPlace meaning, Dictionary<Guid, Collection> collections)
    {
        var passages = rows.ConvertAll(row => new ComparedPassage(
            row.Passage.Edition, row.Passage.Ordinal, row.Passage.Language, new WordAnalysis(row.Passage.Language).TermsOf(Passage.Placed(row.Passage.Headings, row.Passage.Text))));
        var compared = rows.Zip(passages, keywords.Compare(passages)).Select(entry =>
            (Row: entry.First, entry.Second.Terms, Match: entry.Third, Cosine: cosines.TryGetValue(entry.First.Passage.Number, out var cosine) ? cosine : (double?)null)).ToList();
        var (bestKeyword, bestCosine) = (compared.Select(entry => entry.Match.Score).DefaultIfEmpty().Max(), compared.Select(entry => entry.Cosine ?? 0).DefaultIfEmpty().Max());
        var bestCoverage = compared.Select(entry => entry.Match.Coverage).DefaultIfEmpty().Max();
        return [.. compared.Select(entry =>
        {
            var speaks = meaning.Speaks(entry.Row.CollectionId);
            var weight = meaning.Has(entry.Row.CollectionId) ? collections[entry.Row.CollectionId].Options.FusionWeight ?? Fusion.WeightOf(speaks, bestCoverage) : 0;
            var found = new FoundPassage(
                entry.Row.Passage,
                entry.Row.CollectionId,
                entry.Row.DocumentName,
                entry.Match.Score,
                entry.Match.Coverage,
                entry.Cosine,
                Fusion.ScoreOf(entry.Match.Score, bestKeyword, entry.Cosine, bestCosine, weight),
                Fusion.ConfidenceOf(entry.Match.Coverage, entry.Cosine, speaks),
                PassageFate.TooMany);
            return (found, (IReadOnlySet<string>)entry.Terms.ToHashSet(StringComparer.Ordinal));
        }).OrderByDescending(entry => entry.found.Score).ThenBy(entry => entry.found.Passage.Number)];
    }

    private static Func<FoundPassage, IReadOnlySet<string>> Words(List<(FoundPassage Passage, IReadOnlySet<string> Words)> ranked)
    {
        var words = ranked.ToDictionary(entry => entry.Passage.Passage.Number, entry => entry.Words);
        return found => words[found.Passage.Number];
    }

    private sealed record PassageRow(Passage Passage, Guid CollectionId, string DocumentName);
}
