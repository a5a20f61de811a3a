using Calango.Core.Knowledge;
using Calango.Core.Search;
using Calango.Sdk;

namespace Calango.Core.Memory;

/// <summary>Finds messages by their words and, for whoever wants it, by what they mean. Thread-safe.</summary>
public sealed class MemorySearch
{
    private const int MostByMeaning = 50;

    // Below it, what is found in documents does not belong to a question either.
    private static readonly double LeastSure = new RetrievalOptions().Threshold;

    private readonly MessageSearch _words;
    private readonly ChatMemories _memories;
    private readonly MemoryQuestions _questions;
    private readonly MemoryIndexes _indexes;
    private readonly NearestPassages _passages;

    internal MemorySearch(MessageSearch words, ChatMemories memories, MemoryQuestions questions, MemoryIndexes indexes, NearestPassages passages) =>
        (_words, _memories, _questions, _indexes, _passages) = (words, memories, questions, indexes, passages);

    /// <inheritdoc cref="MessageSearch.FindAsync(Guid, string, SearchFilter, string?, int, CancellationToken)"/>
    public async Task<SearchPage> FindAsync(Guid accountId, string query, SearchFilter filter, string? cursor, int take, CancellationToken cancellationToken)
    {
        if (await _memories.FindAsync(accountId, cancellationToken) is not { } memory)
        {
            return await _words.FindAsync(accountId, query, filter, cursor, take, cancellationToken);
        }

        if (await _questions.OfAsync(memory, query, cancellationToken) is not { } question)
        {
            return await _words.FindAsync(accountId, query, filter, cursor, take, cancellationToken) with { MeaningIsAway = true };
        }

        try
        {
            var page = await _words.FindAsync(accountId, query, filter, cursor, take, (words, token) => OrderAsync(memory, question, words, token), cancellationToken);
            return page with { Hits = await _passages.ShownAsync(memory, question.Vector, page.Hits, cancellationToken) };
        }
        catch (ProviderException)
        {
            // They have just changed their mind.
            return await _words.FindAsync(accountId, query, filter, cursor, take, cancellationToken);
        }
    }

    // The same weights as in documents: where the words say little, the meaning counts for more.
    private async Task<SearchOrder> OrderAsync(ChatMemory memory, QuestionVector question, FoundByWords words, CancellationToken cancellationToken)
    {
        var (nearest, compared) = await _indexes.CompareAsync(memory, question.Vector, MostByMeaning, words.Ranked.ConvertAll(entry => entry.Number), cancellationToken);
        var cosines = compared.Concat(nearest.Where(near => near.Passage <= words.Newest)).DistinctBy(near => near.Passage).ToDictionary(near => near.Passage, near => (double)near.Cosine!.Value);
        var scores = words.Ranked.ToDictionary(entry => entry.Number, entry => entry.Score);
        var others = cosines.Where(near => !scores.ContainsKey(near.Key) && Fusion.ConfidenceOf(coverage: 0, near.Value, question.Speaks) >= LeastSure).Select(near => near.Key).ToHashSet();
        var (bestScore, bestCosine) = (scores.Values.DefaultIfEmpty().Max(), cosines.Values.DefaultIfEmpty().Max());
        var weight = Fusion.WeightOf(question.Speaks, await _words.CoverageAsync(memory.AccountId, words, cancellationToken));
        return new SearchOrder(
            [.. scores.Keys.Concat(others)
                .Select(number => new RankedEntry(number, Fusion.ScoreOf(scores.GetValueOrDefault(number), bestScore, cosines.TryGetValue(number, out var cosine) ? cosine : null, bestCosine, weight)))
                .OrderByDescending(entry => entry.Score).ThenByDescending(entry => entry.Number)])
        { Others = others };
    }
}
