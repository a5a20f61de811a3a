namespace Calango.Core.Plugins;

/// <summary>Texts as a model places them.</summary>
/// <param name="Vectors">One for each text, in the same order, all of the same length.</param>
/// <param name="InputTokens">As the service counted; null: it did not.</param>
public sealed record EmbeddedTexts(IReadOnlyList<float[]> Vectors, long? InputTokens);
