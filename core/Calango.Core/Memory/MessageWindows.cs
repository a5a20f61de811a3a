using Calango.Core.Knowledge;
using Calango.Core.Models;
using Calango.Core.Search;

namespace Calango.Core.Memory;

/// <summary>Cuts messages into the parts that a model reads at once. Each word of a message is in one of them.</summary>
internal sealed class MessageWindows(EmbeddingModel model, PassageSpace space)
{
    // A paragraph: a model that reads more at once would make one place of a long answer's many subjects, and nobody would see which was found.
    private const int LongestWindow = 128;
    private const int Overlap = 16;

    private static readonly TitlePath NoTitles = new("", 0, []);

    private readonly PassageWindows _windows = new(NoTitles, "", new SplitOptions(0, Overlap, Math.Min(LongestWindow, model.Info.WindowTokens)), new TokenCounter(space.CountTokensAsync));

    /// <summary>The texts by which a message is placed, with where each is in it; none: it says nothing.</summary>
    public async Task<IReadOnlyList<MessageWindow>> OfAsync(string markdown, CancellationToken cancellationToken)
    {
        var text = PlainText.Of(markdown);
        if (string.IsNullOrWhiteSpace(text))
        {
            return [];
        }

        var (placed, language, start) = (new List<MessageWindow>(), WordAnalysis.LanguageOf(text), -1);
        foreach (var window in await _windows.OfAsync(text, cancellationToken))
        {
            start = text.IndexOf(window, start + 1, StringComparison.Ordinal);
            placed.AddRange((await space.TextsOfAsync([window], language, cancellationToken)).Select(read => new MessageWindow(start, window.Length, read)));
        }

        return placed;
    }
}

/// <summary>A part of a message.</summary>
/// <param name="Start">Where it begins in the message as it is read.</param>
/// <param name="Length">How long it is there.</param>
/// <param name="Text">What the model reads: the same, or its translation.</param>
internal sealed record MessageWindow(int Start, int Length, string Text);
