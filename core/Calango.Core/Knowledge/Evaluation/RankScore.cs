namespace Calango.Core.Knowledge;

/// <summary>How well what was found for one question is ordered, by the first ten documents.</summary>
/// <param name="Ndcg">The normalized discounted cumulative gain (Järvelin and Kekäläinen 2002), with exponential gain: 0 to 1.</param>
/// <param name="Recall">The share of the documents that belong to the question.</param>
/// <param name="Mrr">One through the place of the first of them; 0: none is there.</param>
public readonly record struct RankScore(double Ndcg, double Recall, double Mrr)
{
    private const int Top = 10;

    /// <summary>Compares an order with a judgement.</summary>
    /// <param name="ranked">The documents, the best first; one that comes again counts where it came first.</param>
    /// <param name="grades">The documents that belong to the question, and how much: 1 and up.</param>
    public static RankScore Of(IEnumerable<string> ranked, IReadOnlyDictionary<string, int> grades)
    {
        var first = ranked.Distinct(StringComparer.Ordinal).Take(Top).ToList();
        var gain = first.Select((document, place) => Gain(grades.GetValueOrDefault(document), place)).Sum();
        var best = grades.Values.OrderDescending().Take(Top).Select(Gain).Sum();
        var right = first.FindIndex(grades.ContainsKey) + 1;
        return new RankScore(gain / best, (double)first.Count(grades.ContainsKey) / grades.Count, right > 0 ? 1.0 / right : 0);
    }

    private static double Gain(int grade, int place) => (Math.Pow(2, grade) - 1) / Math.Log2(place + 2);
}
