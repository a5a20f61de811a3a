namespace Calango.Core.Knowledge;

/// <summary>What is never cut if it fits: a sentence, an item, a row, a line of code; with the white space that follows it.</summary>
/// <param name="Text">As it is in the document.</param>
/// <param name="Page">The page it is on.</param>
/// <param name="Break">How good a place for a cut is before it: 0 none in particular, 2 a new paragraph or definition.</param>
internal sealed record Piece(string Text, int? Page, int Break)
{
    public int Tokens { get; init; }
}
