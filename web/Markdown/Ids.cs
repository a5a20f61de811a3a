namespace Calango.Web.Markdown;

/// <summary>The ids of an answer's elements: first view and updates must agree on them.</summary>
internal static class Ids
{
    public static string Block(string prefix, int block) => $"{prefix}-b{block}";

    public static string Code(string prefix, int block) => $"{prefix}-b{block}-code";

    public static string Run(string prefix, Piece.CodeLines lines) => $"{prefix}-b{lines.Block}-c{lines.Run}";
}
