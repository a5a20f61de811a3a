using System.Text.Json;
using Calango.Core.Knowledge;

namespace Calango.Web.Text;

/// <summary>What the pages about knowledge say beyond plain sentences.</summary>
public static class KnowledgeText
{
    /// <summary>Where a document is on its way.</summary>
    public static string DocumentState(this PageText text, Document document) => text[$"knowledge.state.{document.State}"];

    /// <summary>Why a document was not taken in, and what to do.</summary>
    public static string DocumentFailure(this PageText text, Document document) => text[$"knowledge.failure.{document.Failure}", Arguments(document.FailureArguments)];

    /// <summary>Why a source could not be had, or not all of it, and what to do.</summary>
    public static string SourceFailure(this PageText text, Source source) => text[$"knowledge.source.failure.{source.Failure}", Arguments(source.FailureArguments)];

    /// <summary>How the badge of a document's state looks.</summary>
    public static string Badge(Document document) => document.State switch
    {
        Core.Knowledge.DocumentState.Ready => "",
        Core.Knowledge.DocumentState.Failed => "badge--bad",
        _ => "badge--idle",
    };

    /// <summary>What is known of a document, one fact each.</summary>
    public static IEnumerable<string> DocumentFacts(this PageText text, Document document)
    {
        if (document.Pages is { } pages)
        {
            yield return text.Count("knowledge.pages", pages);
        }

        if (document.Passages > 0)
        {
            yield return text.Count("knowledge.passages", document.Passages);
            yield return text.Count("knowledge.tokens", document.Tokens);
        }

        if (text.Language(document.Language) is { } language)
        {
            yield return language;
        }

        yield return text.Size(document);
    }

    /// <summary>How large a document's file is; of the smallest, that there is something.</summary>
    public static string Size(this PageText text, Document document) => text.Bytes(Math.Max(1000, document.Length));

    /// <summary>A language; null: it is another one, or not known.</summary>
    public static string? Language(this PageText text, TextLanguage language) => language switch
    {
        TextLanguage.English => text["language.en"],
        TextLanguage.Portuguese => text["language.pt"],
        _ => null,
    };

    /// <summary>On which pages a passage stands; null: its document has none.</summary>
    public static string? PassagePages(this PageText text, int? first, int? last) => first switch
    {
        null => null,
        { } page when last is null || last == page => text["knowledge.page", ("page", text.Number(page))],
        { } page => text["knowledge.page.range", ("first", text.Number(page)), ("last", text.Number(last.Value))],
    };

    /// <summary>A measure of an evaluation, to three decimals.</summary>
    public static string Measure(this PageText text, double measure) => measure.ToString("0.000", text.Culture);

    /// <summary>How passages are found, one fact each.</summary>
    public static IEnumerable<string> RetrievalFacts(this PageText text, RetrievalOptions options)
    {
        yield return $"{text["knowledge.option.FusionWeight"]} {(options.FusionWeight is { } weight ? text.Score(weight) : text["knowledge.evaluation.usual"])}";
        yield return $"{text["knowledge.option.MaxPassages"]} {text.Number(options.MaxPassages)}";
        yield return $"{text["knowledge.option.Threshold"]} {text.Score(options.Threshold)}";
        yield return $"{text["knowledge.option.Diversity"]} {text.Score(options.Diversity)}";
        if (options.Reranker is { } reranker)
        {
            yield return $"{text["knowledge.reranker"]} {reranker[(reranker.IndexOf('/') + 1)..]}";
        }

        if (options.ChunkTokens > 0)
        {
            yield return $"{text["knowledge.option.ChunkTokens"]} {text.Number(options.ChunkTokens)}";
        }
    }

    /// <summary>A score, to two decimals.</summary>
    public static string Score(this PageText text, double score) => score.ToString("0.00", text.Culture);

    private static (string Name, string Value)[] Arguments(string? json) =>
        json is null ? [] : [.. JsonSerializer.Deserialize<Dictionary<string, string>>(json)!.Select(argument => (argument.Key, argument.Value))];
}
