using System.Text.Json;
using Calango.Core.Knowledge;
using Calango.Core.Models;

namespace Calango.Web.Api.Knowledge;

// What /api answers of knowledge. Members only come along: a program that knows today's goes on working.

/// <summary>A model that places passages.</summary>
/// <param name="Id">By this it is chosen.</param>
/// <param name="Name">For people.</param>
/// <param name="Connection">The connection's name.</param>
/// <param name="Languages">The tags of those that it knows; none: many, or not known.</param>
/// <param name="WindowTokens">What it reads at once.</param>
/// <param name="Dimensions">How many numbers a vector has.</param>
/// <param name="IsOnPremises">No text leaves the operator's machines.</param>
internal sealed record ApiEmbedder(string Id, string Name, string Connection, IReadOnlyList<string> Languages, int WindowTokens, int Dimensions, bool IsOnPremises)
{
    public static ApiEmbedder Of(EmbeddingModel model) =>
        new(model.Ref.ToString(), model.Info.Name, model.ConnectionName, model.Info.Languages, model.Info.WindowTokens, model.Info.Dimensions, model.OnPremises);
}

/// <summary>A model that puts what a collection finds in order.</summary>
/// <param name="Id">By this it is chosen.</param>
/// <param name="Name">For people.</param>
/// <param name="Connection">The connection's name.</param>
/// <param name="Host">Where questions and passages go.</param>
internal sealed record ApiReranker(string Id, string Name, string Connection, string Host)
{
    public static ApiReranker Of(RerankModel model) => new(model.Ref.ToString(), model.Name, model.ConnectionName, model.Host);
}

/// <summary>A collection.</summary>
/// <param name="Id">The collection.</param>
/// <param name="Name">For people.</param>
/// <param name="Description">What is in it; may be empty.</param>
/// <param name="Right">What the token's owner may do with it: <c>read</c>, <c>write</c> or <c>manage</c>.</param>
/// <param name="Embedder">The model that places its passages; null: words alone are compared.</param>
/// <param name="TranslatesPortuguese">What is Portuguese is translated for that model.</param>
/// <param name="Options">How its passages are cut and found.</param>
/// <param name="Documents">How many documents it has.</param>
/// <param name="UnderWay">How many of them are being taken in.</param>
/// <param name="Failed">How many could not be.</param>
/// <param name="CreatedAt">When it was made.</param>
internal sealed record ApiCollection(
    Guid Id, string Name, string Description, string Right, string? Embedder, bool TranslatesPortuguese, RetrievalOptions Options, int Documents, int UnderWay, int Failed, DateTimeOffset CreatedAt)
{
    public static ApiCollection Of(CollectionOverview overview) => new(
        overview.Collection.Id, overview.Collection.Name, overview.Collection.Description, Camel(overview.Right), overview.Collection.Embedder?.ToString(), overview.Collection.IsTranslated,
        overview.Collection.Options, overview.Documents, overview.UnderWay, overview.Failed, overview.Collection.CreatedAt);

    internal static string Camel(Enum value) => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}

/// <summary>A document of a collection.</summary>
/// <param name="Id">The document.</param>
/// <param name="Name">Its file's name, or its title.</param>
/// <param name="State"><c>waiting</c>, <c>reading</c>, <c>indexing</c>, <c>ready</c>, <c>paused</c> or <c>failed</c>.</param>
/// <param name="FailureCode">Why it could not be taken in; null: it could, or is being.</param>
/// <param name="Bytes">How large its file is.</param>
/// <param name="Sha256">Of its file, in lower-case hexadecimal.</param>
/// <param name="Pages">How many pages it has; null: none, or not known.</param>
/// <param name="Passages">How many passages it has, or will have.</param>
/// <param name="PassagesDone">How many of the edition that is being made are done.</param>
/// <param name="Tokens">How many tokens its passages have.</param>
/// <param name="Language"><c>en</c>, <c>pt</c>; null: another one, or not known.</param>
/// <param name="CanBeFound">Something of it is found: this content, or the one before.</param>
/// <param name="AddedAt">When this content was put there.</param>
internal sealed record ApiDocument(
    Guid Id, string Name, string State, string? FailureCode, long Bytes, string Sha256, int? Pages, int Passages, int PassagesDone, int Tokens, string? Language, bool CanBeFound, DateTimeOffset AddedAt)
{
    public static ApiDocument Of(Document document) => new(
        document.Id, document.Name, ApiCollection.Camel(document.State), document.Failure, document.Length, document.Sha256, document.Pages, document.Passages, document.Done, document.Tokens,
        document.Language switch { TextLanguage.English => "en", TextLanguage.Portuguese => "pt", _ => null }, document.Edition is not null, document.AddedAt);
}

/// <summary>A passage of a document.</summary>
/// <param name="Ordinal">Its place in the document, from 0.</param>
/// <param name="Headings">The headings above it; empty: none.</param>
/// <param name="Page">The page on which it begins; null: there are none.</param>
/// <param name="LastPage">The page on which it ends.</param>
/// <param name="Text">Its text.</param>
/// <param name="Tokens">How many tokens it has.</param>
internal sealed record ApiPassage(int Ordinal, string Headings, int? Page, int? LastPage, string Text, int Tokens)
{
    public static ApiPassage Of(Passage passage) => new(passage.Ordinal, passage.Headings, passage.Page, passage.LastPage, passage.Text, passage.Tokens);
}

/// <summary>What a search has found.</summary>
/// <param name="Items">All that was looked at, the best first.</param>
/// <param name="MeaningCounted">Meaning counted, too; else the words alone.</param>
/// <param name="Translation">The question as it was placed, where it was translated; null: it was not.</param>
internal sealed record ApiFound(IReadOnlyList<ApiCandidate> Items, bool MeaningCounted, string? Translation)
{
    public static ApiFound Of(FoundPassages found) => new([.. found.Candidates.Select(ApiCandidate.Of)], found.MeaningCounted, found.Translation);
}

/// <summary>A passage that was looked at for a question.</summary>
/// <param name="DocumentId">Its document.</param>
/// <param name="DocumentName">That document's name.</param>
/// <param name="Passage">The passage.</param>
/// <param name="Keyword">How well its words fit: 0 and up, comparable within one search.</param>
/// <param name="Coverage">The share of what the question's words say that it has, 0 to 1.</param>
/// <param name="Cosine">How near it is in meaning, -1 to 1; null: not known.</param>
/// <param name="Score">Both together, 0 to 1.</param>
/// <param name="Fate">What became of it: <c>chosen</c> for an answer, <c>belowThreshold</c>, <c>farBehind</c>, <c>saysTheSame</c> or <c>tooMany</c>.</param>
internal sealed record ApiCandidate(Guid DocumentId, string DocumentName, ApiPassage Passage, double Keyword, double Coverage, double? Cosine, double Score, string Fate)
{
    public static ApiCandidate Of(FoundPassage found) => new(
        found.Passage.DocumentId, found.DocumentName, ApiPassage.Of(found.Passage), found.Keyword, found.Coverage, found.Cosine, found.Score, ApiCollection.Camel(found.Fate));
}

/// <summary>A collection to be made, or what is to change in one.</summary>
/// <param name="Name">For people; of a new one it must be there.</param>
/// <param name="Description">What is in it.</param>
/// <param name="Embedder">One of <c>/api/embedders</c>; null: words alone are compared. Left out: as it is, of a new one a model of this machine.</param>
/// <param name="TranslatesPortuguese">What is Portuguese is translated for a model that does not know it. Left out: as it is, of a new one where it can be.</param>
/// <param name="Options">What is left out of them stays as it is.</param>
internal sealed record ApiCollectionChange(string? Name, string? Description, string? Embedder, bool? TranslatesPortuguese, RetrievalOptions? Options);

/// <summary>Where documents of a collection come from by themselves.</summary>
/// <param name="Id">The source.</param>
/// <param name="Kind"><c>web</c>, a page or a sitemap, or <c>folder</c>.</param>
/// <param name="Address">Its address, or the path of its folder.</param>
/// <param name="Interval">How often it is looked at: <c>never</c>, which is when somebody asks, <c>hourly</c>, <c>daily</c> or <c>weekly</c>.</param>
/// <param name="IsUnderWay">It is looked at, or will be in a moment.</param>
/// <param name="Found">How many pages or files it has.</param>
/// <param name="Done">How many of them were looked at, while it is looked at.</param>
/// <param name="FailureCode">Why that did not go well; null: it did.</param>
/// <param name="RefreshedAt">When it was looked at last, to the end; null: never.</param>
/// <param name="DueAt">When it is looked at next; null: when somebody asks.</param>
internal sealed record ApiSource(
    Guid Id, string Kind, string Address, string Interval, bool IsUnderWay, int Found, int Done, string? FailureCode, DateTimeOffset? RefreshedAt, DateTimeOffset? DueAt)
{
    public static ApiSource Of(Source source, TimeProvider clock) => new(
        source.Id, ApiCollection.Camel(source.Kind), source.Address, ApiCollection.Camel(source.Interval), source.IsUnderWay(clock.GetUtcNow()) || source.IsDue(clock.GetUtcNow()),
        source.Found, source.Done, source.Failure, source.RefreshedAt, source.DueAt);
}

/// <summary>A source to be added, or what is to change in one.</summary>
/// <param name="Address">Of a page or a sitemap; of a new one it must be there, of another it stays.</param>
/// <param name="Interval"><c>never</c>, <c>hourly</c>, <c>daily</c> or <c>weekly</c>.</param>
internal sealed record ApiSourceChange(string? Address, string? Interval);

/// <summary>A question by which a collection is measured.</summary>
/// <param name="Question">What is asked.</param>
/// <param name="Documents">The names of the documents that answer it.</param>
internal sealed record ApiQuestion(string Question, IReadOnlyList<string> Documents);

/// <summary>Questions to be added.</summary>
/// <param name="Questions">They.</param>
internal sealed record ApiNewQuestions(IReadOnlyList<ApiQuestion> Questions);

/// <summary>A way to set a collection up, to be measured.</summary>
/// <param name="Options">What is left out of them is as the collection has it.</param>
internal sealed record ApiNewRun(RetrievalOptions? Options);

/// <summary>How well a collection answered its questions, set up in one way.</summary>
/// <param name="Id">The run.</param>
/// <param name="At">When.</param>
/// <param name="Questions">How many questions were asked.</param>
/// <param name="Ndcg">nDCG@10, the mean over the questions.</param>
/// <param name="Recall">recall@10, the mean over the questions.</param>
/// <param name="Mrr">MRR@10.</param>
/// <param name="Given">The share of the questions for which an answer would be given a passage of a right document.</param>
/// <param name="Options">How it was set up.</param>
internal sealed record ApiRun(Guid Id, DateTimeOffset At, int Questions, double Ndcg, double Recall, double Mrr, double Given, RetrievalOptions Options)
{
    public static ApiRun Of(EvaluationRun run) => new(run.Id, run.At, run.Questions, run.Ndcg, run.Recall, run.Mrr, run.Given, run.Options);
}
