namespace Calango.Core.Knowledge;

/// <summary>How the words and the meaning are weighed against each other.</summary>
internal static class Fusion
{
    // Measured on questions that share words with their passages (docs/decisions/retrieval.md); on paraphrases they are a guess.
    private const double UsualWeight = 0.5;
    private const double ForeignWeight = 0.15;

    // Cosines of unrelated texts scatter around the first; the second says the same in other words.
    private const double UnrelatedCosine = 0.15;
    private const double SameCosine = 0.75;

    /// <summary>How much the meaning counts, 0 to 1.</summary>
    /// <param name="options">What the collection wants.</param>
    /// <param name="speaks">The model knows the question's language.</param>
    public static double WeightOf(RetrievalOptions options, bool speaks) => options.FusionWeight ?? (speaks ? UsualWeight : ForeignWeight);

    /// <summary>Both together, 0 to 1.</summary>
    /// <param name="keyword">The score of the words.</param>
    /// <param name="bestKeyword">The best such score of the search.</param>
    /// <param name="cosine">The nearness in meaning; null: unknown.</param>
    /// <param name="bestCosine">The best such nearness of the search.</param>
    /// <param name="weight">How much the meaning counts.</param>
    public static double ScoreOf(double keyword, double bestKeyword, double? cosine, double bestCosine, double weight)
    {
        var words = bestKeyword > 0 ? keyword / bestKeyword : 0;
        var meaning = bestCosine > 0 ? Math.Max(0, cosine ?? 0) / bestCosine : 0;
        return ((1 - weight) * words) + (weight * meaning);
    }

    /// <summary>How sure it is that a passage belongs to the question, 0 to 1: it says the question's rare words, or the same in other ones.</summary>
    public static double ConfidenceOf(double coverage, double? cosine, bool speaks)
    {
        var meaning = speaks && cosine is { } near ? Math.Clamp((near - UnrelatedCosine) / (SameCosine - UnrelatedCosine), 0, 1) : 0;
        return Math.Max(coverage, meaning);
    }
}
