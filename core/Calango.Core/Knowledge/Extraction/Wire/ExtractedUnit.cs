namespace Calango.Core.Knowledge;

/// <summary>What a unit of a document is. Tables and code are never mixed with anything in one passage.</summary>
internal enum UnitKind
{
    Paragraph,
    List,
    Table,
    Code,
}

/// <summary>A piece of a document that belongs together.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Headings">The titles it stands under, the outermost first.</param>
/// <param name="Page">The page, or slide, from one; null: the document has none.</param>
/// <param name="Text">Its text. A table is one of Markdown's, with its header.</param>
internal sealed record ExtractedUnit(UnitKind Kind, IReadOnlyList<string> Headings, int? Page, string Text);
