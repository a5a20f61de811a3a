using Calango.Core.Knowledge;

namespace Calango.Core.Tests.Knowledge;

/// <summary>How words and meaning are weighed against each other.</summary>
public sealed class FusionTests
{
    [Theory]
    [InlineData(1.0, 0.4)]
    [InlineData(0.7, 0.4)]
    [InlineData(0.2, 1)]
    [InlineData(0, 1)]
    public void The_less_of_the_question_any_passage_has_the_more_the_meaning_counts(double bestCoverage, double weight) =>
        Assert.Equal(weight, Fusion.WeightOf(speaks: true, bestCoverage), precision: 9);

    [Fact]
    public void Between_the_two_it_grows_without_a_step()
    {
        var weights = Enumerable.Range(0, 101).Select(hundredth => Fusion.WeightOf(speaks: true, hundredth / 100.0)).ToList();

        Assert.All(weights.Zip(weights.Skip(1)), pair => Assert.InRange(pair.First - pair.Second, 0, 0.06));
    }

    [Fact]
    public void A_model_that_does_not_know_the_language_makes_nobody_sure() =>
        Assert.Equal((0.2, 0.96), (Fusion.ConfidenceOf(0.2, 0.9, speaks: false), Fusion.ConfidenceOf(0.2, 0.9, speaks: true)));
}
