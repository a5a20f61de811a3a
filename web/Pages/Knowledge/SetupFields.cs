using System.Globalization;
using Calango.Core.Knowledge;

namespace Calango.Web.Pages.Knowledge;

/// <summary>What a browser sends of the options of a collection's form. A number is written as number fields write it, in every language.</summary>
public sealed class SetupFields
{
    /// <inheritdoc cref="RetrievalOptions.ChunkTokens"/>
    public string? ChunkTokens { get; set; }

    /// <inheritdoc cref="RetrievalOptions.OverlapTokens"/>
    public string? OverlapTokens { get; set; }

    /// <inheritdoc cref="RetrievalOptions.FusionWeight"/>
    public string? FusionWeight { get; set; }

    /// <inheritdoc cref="RetrievalOptions.MaxPassages"/>
    public string? MaxPassages { get; set; }

    /// <inheritdoc cref="RetrievalOptions.Threshold"/>
    public string? Threshold { get; set; }

    /// <inheritdoc cref="RetrievalOptions.Diversity"/>
    public string? Diversity { get; set; }

    /// <inheritdoc cref="RetrievalOptions.WholeDocumentShare"/>
    public string? WholeDocumentShare { get; set; }

    /// <inheritdoc cref="RetrievalOptions.Reranker"/>
    public string? Reranker { get; set; }

    /// <summary>The form of options as they are.</summary>
    public static SetupFields Of(RetrievalOptions options) => new()
    {
        ChunkTokens = Written(options.ChunkTokens),
        OverlapTokens = Written(options.OverlapTokens),
        FusionWeight = options.FusionWeight is { } weight ? Written(weight) : null,
        MaxPassages = Written(options.MaxPassages),
        Threshold = Written(options.Threshold),
        Diversity = Written(options.Diversity),
        WholeDocumentShare = Written(options.WholeDocumentShare),
        Reranker = options.Reranker,
    };

    /// <summary>The options that were entered; null: something is no number, as <paramref name="wrong"/> says by field.</summary>
    public RetrievalOptions? Read(Dictionary<string, string> wrong)
    {
        var options = new RetrievalOptions
        {
            ChunkTokens = Whole(nameof(ChunkTokens), ChunkTokens),
            OverlapTokens = Whole(nameof(OverlapTokens), OverlapTokens),
            FusionWeight = string.IsNullOrWhiteSpace(FusionWeight) ? null : Number(nameof(FusionWeight), FusionWeight),
            MaxPassages = Whole(nameof(MaxPassages), MaxPassages),
            Threshold = Number(nameof(Threshold), Threshold),
            Diversity = Number(nameof(Diversity), Diversity),
            WholeDocumentShare = Number(nameof(WholeDocumentShare), WholeDocumentShare),
            Reranker = string.IsNullOrEmpty(Reranker) ? null : Reranker,
        };
        return wrong.Count == 0 ? options : null;

        int Whole(string field, string? text)
        {
            if (!int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number))
            {
                wrong[field] = "whole";
            }

            return number;
        }

        double Number(string field, string? text)
        {
            if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            {
                wrong[field] = "number";
            }

            return number;
        }
    }

    private static string Written(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}

/// <summary>A number of the form.</summary>
/// <param name="Name">The field's name; its label is the locale key <c>knowledge.option.{name}</c>, its hint the one with <c>.hint</c> after it.</param>
/// <param name="Value">What it shows.</param>
/// <param name="Error">What is wrong, a sentence; null: nothing.</param>
/// <param name="Max">The largest number.</param>
/// <param name="Step">From one number to the next.</param>
public sealed record OptionField(string Name, string? Value, string? Error, string Max, string Step);
