namespace Calango.Core.Models;

/// <summary>What a call costs.</summary>
internal static class ModelCost
{
    /// <summary>In billionths of a US dollar; null: the model has no price.</summary>
    public static long? NanoUsd(CatalogModel model, int inputTokens, int outputTokens) =>
        model is { InputPrice: { } input, OutputPrice: { } output }
            // A price is in dollars per million tokens, so a token costs that many millionths: a thousand billionths each.
            ? (long)Math.Round(((input * inputTokens) + (output * outputTokens)) * 1_000m)
            : null;
}
