namespace Calango.Core.Knowledge;

/// <summary>A document as it was read.</summary>
/// <param name="Title">What it calls itself; null: nothing.</param>
/// <param name="Pages">How many pages or slides it has; null: it has none.</param>
/// <param name="Units">Its text, in order; at least one.</param>
internal sealed record ExtractedDocument(string? Title, int? Pages, IReadOnlyList<ExtractedUnit> Units);
