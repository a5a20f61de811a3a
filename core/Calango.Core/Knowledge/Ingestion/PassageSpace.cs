using System.Text.Json;
using Calango.Core.Models;

namespace Calango.Core.Knowledge;

/// <summary>How passages are measured and placed: by a model, or, where there is none, by nothing but their words.</summary>
/// <param name="models">The models.</param>
/// <param name="model">The one of the collection; null: none.</param>
/// <param name="translator">Translates what is Portuguese for it; null: nothing is translated.</param>
/// <param name="fingerprint">What makes its vectors comparable with others; null: there are none.</param>
internal sealed class PassageSpace(EmbeddingModels models, EmbeddingModel? model, Translator? translator, string? fingerprint)
{
    // A paragraph or two: what answers one question, with what it needs to be understood. What a model cannot read at once of it is
    // placed in parts. Shorter ones lost, longer ones won nothing (docs/decisions/retrieval.md).
    private const int UsualPassage = 480;

    public EmbeddingModel? Model => model;

    public string? Fingerprint => fingerprint;

    /// <summary>How a document is cut for it.</summary>
    public SplitOptions Cut(RetrievalOptions options)
    {
        var longest = options.ChunkTokens > 0 ? options.ChunkTokens : UsualPassage;
        return new SplitOptions(longest, options.OverlapTokens, model?.Info.WindowTokens ?? longest);
    }

    /// <summary>How many tokens texts have.</summary>
    public Task<IReadOnlyList<int>> CountTokensAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken) => model is { } known
        ? models.CountTokensAsync(known.Ref, texts, cancellationToken)
        : Task.FromResult<IReadOnlyList<int>>([.. texts.Select(text => TokenEstimate.Of(text))]);

    /// <summary>The texts by which a passage is placed.</summary>
    /// <exception cref="ExtractionException">It must be translated, and cannot be.</exception>
    public Task<IReadOnlyList<string>> TextsOfAsync(Passage passage, CancellationToken cancellationToken) =>
        TextsOfAsync(passage.Windows is { } windows ? JsonSerializer.Deserialize<string[]>(windows)! : [Passage.Placed(passage.Headings, passage.Text)], passage.Language, cancellationToken);

    /// <summary>The texts by which others are placed, each of which fits the model's window.</summary>
    /// <inheritdoc cref="TextsOfAsync(Passage, CancellationToken)"/>
    public async Task<IReadOnlyList<string>> TextsOfAsync(IReadOnlyList<string> texts, TextLanguage language, CancellationToken cancellationToken) =>
        translator is null || language == TextLanguage.English ? texts : await FittingAsync(await translator.TranslateAsync(texts, cancellationToken), cancellationToken);

    // A translation is seldom longer than its text, but it can be.
    private async Task<IReadOnlyList<string>> FittingAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        var (counter, window) = (new TokenCounter(CountTokensAsync), model!.Info.WindowTokens);
        var fitting = new List<string>();
        foreach (var (text, tokens) in texts.Zip(await counter.CountAsync(texts, cancellationToken)))
        {
            // Half: the tokens of a whole are not always the sum of its parts'.
            fitting.AddRange(tokens <= window ? [text] : await Words.PartsAsync(text, window / 2, overlap: 0, counter, cancellationToken));
        }

        return fitting;
    }
}
