namespace Calango.Web.Markdown;

/// <summary>
/// Follows one running answer for one reader: text goes in as it arrives, updates of the page come out. A finished block
/// is rendered once; each <see cref="Render"/> renders only what is open besides, so a long answer costs linear time.
/// Not thread-safe.
/// </summary>
public sealed class MarkdownStream(MarkdownRenderer renderer, string idPrefix, bool cites = false)
{
    private readonly string idPrefix = MarkdownRenderer.CheckedPrefix(idPrefix);
    private readonly BlockSplitter splitter = new();
    private bool changed;

    /// <summary>Takes the next piece of text; it may end anywhere, even inside a character.</summary>
    public void Append(string text)
    {
        splitter.Append(text);
        changed |= text.Length > 0;
    }

    /// <summary>
    /// Takes text that the page shows already, because <see cref="MarkdownRenderer.RenderAll"/> rendered it with
    /// <c>ended: false</c>: nothing of it is rendered again but the block that it leaves open.
    /// </summary>
    public void Skip(string text)
    {
        splitter.Append(text);
        splitter.TakeFinished();
        changed = false;
    }

    /// <summary>
    /// What to change in the page since the last call, in order. With <paramref name="ended"/> nothing stays open; no
    /// text may follow.
    /// </summary>
    public IReadOnlyList<BlockUpdate> Render(bool ended = false)
    {
        if (!changed && !ended) return [];
        changed = false;
        if (ended) splitter.End();
        var updates = new List<BlockUpdate>();
        foreach (var piece in splitter.TakeFinished()) updates.Add(renderer.Render(piece, idPrefix, open: false, cites));
        if (!ended && splitter.Open() is { } last) updates.Add(renderer.Render(last, idPrefix, open: true, cites));
        return updates;
    }
}
