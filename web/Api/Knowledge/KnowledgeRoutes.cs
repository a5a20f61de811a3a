using Calango.Core.Knowledge;
using Calango.Web.Api.Chats;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Api.Knowledge;

/// <summary>What programs ask of collections.</summary>
internal static class KnowledgeRoutes
{
    public static void MapReading(RouteGroupBuilder group)
    {
        group.MapGet("/embedders", CollectionsEndpoint.EmbeddersAsync).Says("The models that can place passages.", ApiExamples.Embedders);
        group.MapGet("/rerankers", CollectionsEndpoint.RerankersAsync).Says("The models that can put what is found in order.", ApiExamples.Rerankers);
        group.MapGet("/collections", CollectionsEndpoint.ListAsync).Says("The collections, by name.", ApiExamples.Collections);
        group.MapGet("/collections/{id:guid}", CollectionsEndpoint.FindAsync).Says("One collection.", ApiExamples.Collection);
        group.MapGet("/collections/{id:guid}/search", CollectionsEndpoint.SearchAsync).Says("What a collection gives for a question, and why: all that was looked at, the best first.", ApiExamples.Found);
        group.MapGet("/collections/{id:guid}/documents", DocumentsEndpoint.ListAsync).Says("The documents of a collection, by name; with q those that have it in their names.", ApiExamples.Documents);
        group.MapGet("/collections/{id:guid}/documents/{document:guid}", DocumentsEndpoint.FindAsync).Says("One document, and how far it is.", ApiExamples.Document);
        group.MapGet("/collections/{id:guid}/documents/{document:guid}/passages", DocumentsEndpoint.PassagesAsync).Says("The passages of a document as it can be found, in their order.", ApiExamples.Passages);
        group.MapGet("/collections/{id:guid}/sources", SourcesEndpoint.ListAsync).Says("Where documents of a collection come from by themselves, in the order in which they were added.", ApiExamples.Sources);
        group.MapGet("/collections/{id:guid}/sources/{source:guid}", SourcesEndpoint.FindAsync).Says("One source, and how far it is.", ApiExamples.Source);
        group.MapGet("/collections/{id:guid}/evaluation/questions", EvaluationEndpoint.QuestionsAsync).Says("The questions by which a collection is measured.", ApiExamples.Questions);
        group.MapGet("/collections/{id:guid}/evaluation/runs", EvaluationEndpoint.RunsAsync).Says("What was measured, the latest first.", ApiExamples.Runs);
    }

    public static void MapWriting(RouteGroupBuilder group)
    {
        group.MapPost("/collections", CollectionsEndpoint.AddAsync)
            .Says("Makes a collection.", ApiExamples.NewCollection).Accepts<ApiCollectionChange>("application/json").Produces<ApiCollection>(StatusCodes.Status201Created);
        group.MapPatch("/collections/{id:guid}", CollectionsEndpoint.ChangeAsync)
            .Says("Names a collection and sets it up. Where its documents must be cut or placed otherwise for that, they are taken in anew.", ApiExamples.CollectionChange).Accepts<ApiCollectionChange>("application/json");
        group.MapDelete("/collections/{id:guid}", CollectionsEndpoint.DeleteAsync).Says("Removes a collection with all that is in it.", new ApiExample(null, null)).Produces(StatusCodes.Status204NoContent);
        group.MapPost("/collections/{id:guid}/documents", DocumentsEndpoint.AddAsync)
            .Says("Puts a file there, in the place of the one of the same name: the body is its bytes. It is taken in in the background.", ApiExamples.Document)
            .Accepts<Stream>("*/*").Produces<ApiDocument>(StatusCodes.Status202Accepted).WithMetadata(new RequestSizeLimitAttribute(DocumentIntake.LargestFile));
        group.MapPost("/collections/{id:guid}/documents/{document:guid}/pause", DocumentsEndpoint.PauseAsync).Says("Stops taking a document in for now.", ApiExamples.Document);
        group.MapPost("/collections/{id:guid}/documents/{document:guid}/resume", DocumentsEndpoint.ResumeAsync).Says("Goes on with a document that was stopped, or tries one again that failed.", ApiExamples.Document);
        group.MapDelete("/collections/{id:guid}/documents/{document:guid}", DocumentsEndpoint.DeleteAsync).Says("Removes a document.", new ApiExample(null, null)).Produces(StatusCodes.Status204NoContent);
        group.MapPost("/collections/{id:guid}/sources", SourcesEndpoint.AddAsync)
            .Says("Adds a page of the web or a sitemap, which is looked at at once.", ApiExamples.NewSource).Accepts<ApiSourceChange>("application/json").Produces<ApiSource>(StatusCodes.Status201Created);
        group.MapPatch("/collections/{id:guid}/sources/{source:guid}", SourcesEndpoint.ChangeAsync).Says("Has a source looked at more or less often.", ApiExamples.SourceChange).Accepts<ApiSourceChange>("application/json");
        group.MapPost("/collections/{id:guid}/sources/{source:guid}/refresh", SourcesEndpoint.RefreshAsync).Says("Has a source looked at now.", ApiExamples.Source);
        group.MapDelete("/collections/{id:guid}/sources/{source:guid}", SourcesEndpoint.DeleteAsync)
            .Says("Removes a source; with withDocuments=true, its documents too.", new ApiExample(null, null)).Produces(StatusCodes.Status204NoContent);
        group.MapPost("/collections/{id:guid}/evaluation/questions", EvaluationEndpoint.AddAsync)
            .Says("Adds questions, each with the names of the documents that answer it.", ApiExamples.NewQuestions).Accepts<ApiNewQuestions>("application/json").Produces<ApiPage<ApiQuestion>>();
        group.MapDelete("/collections/{id:guid}/evaluation/questions", EvaluationEndpoint.ClearAsync)
            .Says("Removes all questions, and what was measured with them.", new ApiExample(null, null)).Produces(StatusCodes.Status204NoContent);
        group.MapPost("/collections/{id:guid}/evaluation/runs", EvaluationEndpoint.RunAsync)
            .Says("Asks all questions, the collection set up as it is or in another way, and says what came of it. That can take minutes.", ApiExamples.NewRun).Accepts<ApiNewRun>("application/json").Produces<ApiRun>();
    }
}
