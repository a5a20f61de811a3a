namespace Calango.Core.Knowledge;

/// <summary>What is quoted of a document for an answer: a passage, some that follow each other, or the whole document.</summary>
/// <param name="CollectionId">The collection.</param>
/// <param name="DocumentId">The document.</param>
/// <param name="DocumentName">Its name.</param>
/// <param name="Ordinal">The place of its first passage in the document.</param>
/// <param name="Headings">The headings above it; empty: none.</param>
/// <param name="Page">The page on which it begins; null: there are none.</param>
/// <param name="LastPage">The page on which it ends.</param>
/// <param name="Text">Its text.</param>
/// <param name="Tokens">Roughly how many tokens it has.</param>
/// <param name="IsWhole">It is all of the document.</param>
/// <param name="Best">The passage for which it was chosen, with its scores.</param>
public sealed record Quotation(
    Guid CollectionId, Guid DocumentId, string DocumentName, int Ordinal, string Headings, int? Page, int? LastPage, string Text, int Tokens, bool IsWhole, FoundPassage Best);
