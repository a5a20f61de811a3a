using Calango.Core.Models;

namespace Calango.Core.Knowledge;

/// <summary>How passages are measured and placed: by a model, or, where there is none, by nothing but their words.</summary>
/// <param name="models">The models.</param>
/// <param name="model">The one of the collection; null: none.</param>
internal sealed class PassageSpace(EmbeddingModels models, EmbeddingModel? model)
{
    // A paragraph or two: what answers one question, with what it needs to be understood. What a model cannot read at once of it is
    // placed in parts. Shorter ones lost, longer ones won nothing (docs/decisions/retrieval.md).
    private const int UsualPassage = 480;

    public EmbeddingModel? Model => model;

    public string? Fingerprint => model?.Info.Fingerprint;

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
}
