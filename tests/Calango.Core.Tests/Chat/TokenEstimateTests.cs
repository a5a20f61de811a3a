using Calango.Core.Models;

namespace Calango.Core.Tests.Chat;

public sealed class TokenEstimateTests
{
    [Theory]
    [InlineData(1024, 1024, 765)]
    [InlineData(2048, 4096, 1105)]
    [InlineData(512, 512, 255)]
    [InlineData(1, 1, 255)]
    [InlineData(100_000, 1, 765)]
    public void A_picture_takes_as_many_as_the_service_says_that_counts_by_squares(int width, int height, int tokens) =>
        Assert.Equal(tokens, TokenEstimate.OfPicture(width, height));
}
