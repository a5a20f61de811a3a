using Calango.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Knowledge;

/// <summary>How rare the terms of a question are in some collections, and how long their passages are.</summary>
internal sealed class CollectionStatistics(long passages, long words, IReadOnlyDictionary<string, long> counts)
{
    /// <summary>How many words a passage has on average.</summary>
    public double AverageLength { get; } = passages > 0 ? Math.Max(1, (double)words / passages) : KeywordScore.UsualLength;

    /// <summary>How many passages there are.</summary>
    public long Passages => passages;

    /// <summary>In how many passages a term is.</summary>
    public long CountOf(string term) => Math.Max(0, counts.GetValueOrDefault(term));

    /// <summary>The inverse document frequency of BM25, never below 0 (Robertson and Zaragoza 2009, with Lucene's 1 +).</summary>
    public double RarityOf(string term) => Math.Log(1 + ((Math.Max(passages, CountOf(term)) - CountOf(term) + 0.5) / (CountOf(term) + 0.5)));

    public static async Task<CollectionStatistics> ReadAsync(CalangoDb db, IReadOnlyList<Guid> collections, KeywordQuery query, CancellationToken cancellationToken)
    {
        var terms = query.Terms.ToArray();
        var sizes = await db.Set<Collection>().Where(collection => collections.Contains(collection.Id)).Select(collection => new { collection.Passages, collection.Words }).ToListAsync(cancellationToken);
        var counts = await db.Set<TermCount>().Where(count => collections.Contains(count.CollectionId) && terms.Contains(count.Term))
            .GroupBy(count => count.Term).Select(group => new { Term = group.Key, Passages = group.Sum(count => (long)count.Passages) }).ToListAsync(cancellationToken);
        return new CollectionStatistics(sizes.Sum(size => (long)size.Passages), sizes.Sum(size => size.Words), counts.ToDictionary(count => count.Term, count => count.Passages));
    }
}
