namespace Calango.Web.Markdown;

/// <summary>A part of an answer that is rendered on its own, once it is finished or while it is still open.</summary>
/// <param name="Block">The number of the top-level block it belongs to.</param>
internal abstract record Piece(int Block)
{
    /// <summary>Everything but fenced code: one block of Markdown. ListStart is the number of its first item where a long list was cut.</summary>
    public sealed record Flow(int Block, string Text, int? ListStart) : Piece(Block);

    /// <summary>The frame of a fenced code block; its lines follow as <see cref="CodeLines"/>.</summary>
    public sealed record CodeFrame(int Block, string Info) : Piece(Block);

    /// <summary>A run of lines of a fenced code block.</summary>
    public sealed record CodeLines(int Block, int Run, string Text) : Piece(Block);
}
