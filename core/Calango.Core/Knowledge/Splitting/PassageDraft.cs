namespace Calango.Core.Knowledge;

/// <summary>A piece of a document that is found and quoted as one.</summary>
/// <param name="Headings">The titles it stands under, the outermost first, with " > " between them; empty: none.</param>
/// <param name="Page">The page on which it begins; null: the document has none.</param>
/// <param name="LastPage">The page on which it ends.</param>
/// <param name="Kind">A list among paragraphs counts as one of them.</param>
/// <param name="Text">What is quoted.</param>
/// <param name="Windows">What is embedded: its text under its titles, in several parts that overlap where it is longer than the model's window.</param>
/// <param name="Tokens">Of the text, as the embedding model counts.</param>
internal sealed record PassageDraft(string Headings, int? Page, int? LastPage, UnitKind Kind, string Text, IReadOnlyList<string> Windows, int Tokens);

/// <summary>How large passages are.</summary>
/// <param name="ChunkTokens">The most that one has, where it can be cut.</param>
/// <param name="OverlapTokens">The most that two neighbours share, in whole sentences.</param>
/// <param name="WindowTokens">The most that the embedding model reads at once, titles included.</param>
internal sealed record SplitOptions(int ChunkTokens, int OverlapTokens, int WindowTokens);
