using System.Numerics.Tensors;
using Calango.Core.Models;
using Calango.Core.Plugins;

namespace Calango.Core.Knowledge;

/// <summary>Places a question in the space of a model. Thread-safe.</summary>
internal sealed class QuestionVectors(EmbeddingModels models, Translator translator)
{
    // A question that is a page long says in its first parts what it is about.
    private const int MostParts = 8;

    /// <summary>Where it lies; null: the model is gone, or places texts in another space by now.</summary>
    /// <param name="space">The space.</param>
    /// <param name="question">What is asked.</param>
    /// <param name="embed">Asks the space's model.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ModelFailedException">The model could not be asked.</exception>
    /// <exception cref="ExtractionException">The question must be translated, and cannot be.</exception>
    public async Task<QuestionVector?> OfAsync(
        EmbedderChoice space, string question, Func<IReadOnlyList<string>, CancellationToken, Task<EmbeddedTexts>> embed, CancellationToken cancellationToken)
    {
        if (await models.FindAsync(space.Model, cancellationToken) is not { } model || !EmbedderChoice.IsSpaceOf(space.Fingerprint, model.Info))
        {
            return null;
        }

        var language = WordAnalysis.LanguageOf(question);
        var translation = language != TextLanguage.English && EmbedderChoice.IsTranslated(space.Fingerprint)
            ? (await translator.TranslateAsync([question], cancellationToken))[0]
            : null;
        var parts = await PartsAsync(model, translation ?? question, cancellationToken);
        return new QuestionVector(Middle(await embed(parts, cancellationToken)), translation is not null || EmbedderChoice.Speaks(model.Info, language), translation);
    }

    // What a model cannot read at once is read in parts, and lies between them.
    private static float[] Middle(EmbeddedTexts embedded)
    {
        var sum = new float[embedded.Vectors[0].Length];
        foreach (var vector in embedded.Vectors)
        {
            TensorPrimitives.Add(sum, Vectors.Normalized(vector), sum);
        }

        return Vectors.Normalized(sum);
    }

    private async Task<IReadOnlyList<string>> PartsAsync(EmbeddingModel model, string question, CancellationToken cancellationToken)
    {
        var words = question.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        for (var size = words.Length; ; size = (size + 1) / 2)
        {
            var parts = words.Chunk(size).Take(MostParts).Select(part => string.Join(' ', part)).ToList();
            if (size == 1 || (await models.CountTokensAsync(model.Ref, parts, cancellationToken)).All(tokens => tokens <= model.Info.WindowTokens))
            {
                return parts;
            }
        }
    }
}

/// <summary>A question in the space of a model.</summary>
/// <param name="Vector">Where it lies; the length is 1.</param>
/// <param name="Speaks">The model knows its language.</param>
/// <param name="Translation">The question as it was placed, where it was translated; null: it was not.</param>
internal sealed record QuestionVector(float[] Vector, bool Speaks, string? Translation);
