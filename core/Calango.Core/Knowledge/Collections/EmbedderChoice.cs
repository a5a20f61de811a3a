using Calango.Core.Models;
using Calango.Sdk;

namespace Calango.Core.Knowledge;

/// <summary>A model that places passages, and the space in which it does.</summary>
/// <param name="Model">The model.</param>
/// <param name="Fingerprint">What makes its vectors comparable with others.</param>
public sealed record EmbedderChoice(ModelRef Model, string Fingerprint)
{
    // Where a passage lies by its translation is another place than where it lies by itself.
    private const string Translated = "+pt-en";

    /// <summary>Chooses a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="translates">What is Portuguese is translated for it, if it does not know Portuguese.</param>
    public static EmbedderChoice Of(EmbeddingModel model, bool translates) =>
        new(model.Ref, model.Info.Fingerprint + (translates && !Speaks(model.Info, TextLanguage.Portuguese) ? Translated : ""));

    /// <summary>Whether a model knows a language. One that says nothing of languages knows many; and a text that does not tell its language is given the benefit of the doubt.</summary>
    public static bool Speaks(EmbeddingModelInfo model, TextLanguage language) => model.Languages.Count == 0 || language switch
    {
        TextLanguage.English => model.Languages.Any(tag => tag.StartsWith("en", StringComparison.Ordinal)),
        TextLanguage.Portuguese => model.Languages.Any(tag => tag.StartsWith("pt", StringComparison.Ordinal)),
        _ => true,
    };

    /// <summary>Whether what is Portuguese is translated in a space.</summary>
    internal static bool IsTranslated(string? fingerprint) => fingerprint?.EndsWith(Translated, StringComparison.Ordinal) is true;

    /// <summary>Whether a space is a model's.</summary>
    internal static bool IsSpaceOf(string? fingerprint, EmbeddingModelInfo model) => fingerprint == model.Fingerprint || fingerprint == model.Fingerprint + Translated;
}
