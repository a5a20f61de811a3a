namespace Calango.Core.Knowledge;

/// <summary>How the words and the meaning are weighed against each other.</summary>
internal static class Fusion
{
    // Measured on questions that share words with their passages, and on paraphrases (docs/decisions/retrieval.md).
    private const double UsualWeight = 0.4;
    private const double ForeignWeight = 0.15;

    // Where the best passage has less than the first of the question's words, by rarity, it has them by chance: the question is put in
    // other words. From the second on the words count in full.
    private const double ChanceCoverage = 0.2;
    private const double TellingCoverage = 0.7;

    // How much the question's words add to the nearness in meaning. By it answerable questions were told best from unanswerable ones,
    // of whose words a long passage has some as well (docs/decisions/retrieval.md).
    private const double CoverageShare = 0.3;

    /// <summary>How much the meaning counts where nobody has said it, 0 to 1.</summary>
    /// <param name="speaks">The model knows the question's language.</param>
    /// <param name="bestCoverage">The best coverage of the search.</param>
    public static double WeightOf(bool speaks, double bestCoverage)
    {
        var meaning = speaks ? UsualWeight : ForeignWeight;
        var words = (1 - meaning) * Math.Clamp((bestCoverage - ChanceCoverage) / (TellingCoverage - ChanceCoverage), 0, 1);
        return meaning / (meaning + words);
    }

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

    /// <summary>How sure it is that a passage belongs to the question, 0 to 1: it says the same, and the question's rare words. Where the meaning is not known, the words alone tell.</summary>
    public static double ConfidenceOf(double coverage, double? cosine, bool speaks) =>
        speaks && cosine is { } near ? Math.Clamp(near + (CoverageShare * coverage), 0, 1) : coverage;
}
