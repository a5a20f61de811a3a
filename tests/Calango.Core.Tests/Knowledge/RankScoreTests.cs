using Calango.Core.Knowledge;

namespace Calango.Core.Tests.Knowledge;

/// <summary>The measures of an order of documents, against numbers worked out by hand.</summary>
public sealed class RankScoreTests
{
    [Theory]
    [InlineData("a b c", "a", 1, 1, 1)]
    [InlineData("b a c", "a", 0.631, 1, 0.5)]
    [InlineData("b b b a", "a", 0.631, 1, 0.5)]
    [InlineData("b c d", "a", 0, 0, 0)]
    [InlineData("a x b", "a b", 0.92, 1, 1)]
    [InlineData("x a", "a b", 0.387, 0.5, 0.5)]
    [InlineData("1 2 3 4 5 6 7 8 9 10 a", "a", 0, 0, 0)]
    public void One_order(string ranked, string right, double ndcg, double recall, double mrr)
    {
        var score = RankScore.Of(ranked.Split(' '), right.Split(' ').ToDictionary(name => name, _ => 1));

        Assert.Equal((ndcg, recall, mrr), (Math.Round(score.Ndcg, 3), Math.Round(score.Recall, 3), Math.Round(score.Mrr, 3)));
    }

    [Fact]
    public void What_belongs_more_counts_more()
    {
        var grades = new Dictionary<string, int> { ["much"] = 3, ["little"] = 1 };

        Assert.Equal(1, RankScore.Of(["much", "little"], grades).Ndcg);
        Assert.InRange(RankScore.Of(["little", "much"], grades).Ndcg, 0.70, 0.72);
    }
}
