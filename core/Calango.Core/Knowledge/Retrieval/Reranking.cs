using Calango.Core.Models;

namespace Calango.Core.Knowledge;

/// <summary>
/// Has a model read the best of what was found, and puts them in its order. It looks at question and passage together, which sees more
/// than either index does and takes longer. Thread-safe.
/// </summary>
internal sealed class Reranking(RerankModels models)
{
    // What lies behind these is chosen rarely, and each costs time.
    private const int MostRead = 40;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1.5);

    /// <summary>The same passages in the model's order.</summary>
    /// <param name="ranked">The best first.</param>
    /// <param name="question">What is asked.</param>
    /// <param name="model">The model; null: the order stays.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null: the model is slow, away or said no.</returns>
    public async Task<IReadOnlyList<FoundPassage>?> ApplyAsync(IReadOnlyList<FoundPassage> ranked, string question, ModelRef? model, CancellationToken cancellationToken)
    {
        if (model is not { } chosen || ranked.Count == 0)
        {
            return ranked;
        }

        var read = ranked.Take(MostRead).ToList();
        try
        {
            var scores = await models.RerankAsync(chosen, question, read.ConvertAll(found => Passage.Placed(found.Passage.Headings, found.Passage.Text)), Longest, cancellationToken);
            return Ordered(ranked, read, Shares(scores));
        }
        catch (ModelFailedException)
        {
            return null;
        }
    }

    // The best keeps its score, so that what is far behind it stays so; what was not read comes after all that was.
    private static List<FoundPassage> Ordered(IReadOnlyList<FoundPassage> ranked, List<FoundPassage> read, IReadOnlyList<double> shares)
    {
        var best = ranked[0].Score;
        var judged = read.Zip(shares, (found, share) => found with { ScoreBefore = found.Score, Score = best * share }).OrderByDescending(found => found.Score).ThenByDescending(found => found.ScoreBefore).ToList();
        return [.. judged, .. ranked.Skip(read.Count).Select(found => found with { ScoreBefore = found.Score, Score = Math.Min(found.Score, judged[^1].Score) })];
    }

    // Of what the best has, 0 to 1. A model that answers with numbers of no bounds means logarithms of odds.
    private static List<double> Shares(IReadOnlyList<double> scores)
    {
        var probabilities = scores.All(score => score is >= 0 and <= 1) ? scores : [.. scores.Select(score => 1 / (1 + Math.Exp(-score)))];
        var best = probabilities.Max();
        return [.. probabilities.Select(score => best > 0 ? score / best : 1)];
    }
}
