using Calango.Core.Knowledge;
using Calango.Web.Api.Chats;
using Calango.Web.Pages.Knowledge;
using Calango.Web.Text;

namespace Calango.Web.Api.Knowledge;

/// <summary>How well a collection answers questions whose documents are known: <c>/api/collections/{id}/evaluation</c>. Whoever may set it up may ask.</summary>
internal static class EvaluationEndpoint
{
    public static async Task<ApiPage<ApiQuestion>> QuestionsAsync(Guid id, Evaluations evaluations, Viewer viewer, CancellationToken cancellationToken) =>
        new([.. (await evaluations.QuestionsAsync(viewer.AccountId, id, cancellationToken)).Select(question => new ApiQuestion(question.Text, question.Documents))], Next: null);

    public static async Task<ApiPage<ApiRun>> RunsAsync(Guid id, Evaluations evaluations, Viewer viewer, CancellationToken cancellationToken) =>
        new([.. (await evaluations.RunsAsync(viewer.AccountId, id, cancellationToken)).Select(ApiRun.Of)], Next: null);

    public static async Task<ApiPage<ApiQuestion>> AddAsync(Guid id, HttpRequest request, Evaluations evaluations, Viewer viewer, CancellationToken cancellationToken)
    {
        var body = await JsonInput.ReadAsync(request, cancellationToken);
        var questions = body.Needed("questions").Items().Select(item => (
            item.Needed("question").Text(EvaluationQuestion.MaxTextLength),
            (IReadOnlyList<string>)[.. item.Needed("documents").Items().Select(name => name.Text(Document.MaxNameLength))])).ToList();
        await evaluations.AddAsync(viewer.AccountId, id, questions, cancellationToken);
        return await QuestionsAsync(id, evaluations, viewer, cancellationToken);
    }

    public static async Task<IResult> ClearAsync(Guid id, Evaluations evaluations, Viewer viewer, CancellationToken cancellationToken)
    {
        await evaluations.ClearAsync(viewer.AccountId, id, cancellationToken);
        return Results.NoContent();
    }

    public static async Task<ApiRun> RunAsync(Guid id, HttpRequest request, Collections collections, Evaluations evaluations, RerankerChoices rerankers, Viewer viewer, CancellationToken cancellationToken)
    {
        var now = (await collections.FindAsync(viewer.AccountId, id, CollectionRight.Manage, cancellationToken)).Collection.Options;
        var body = await JsonInput.ReadAsync(request, cancellationToken);
        return ApiRun.Of(await evaluations.RunAsync(viewer.AccountId, id, await CollectionsEndpoint.OptionsOfAsync(body["options"], now, rerankers, cancellationToken), cancellationToken));
    }
}
