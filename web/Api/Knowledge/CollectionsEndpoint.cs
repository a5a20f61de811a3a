using Calango.Core.Audit;
using Calango.Core.Errors;
using Calango.Core.Knowledge;
using Calango.Web.Api.Chats;
using Calango.Web.Identity;
using Calango.Web.Pages.Knowledge;
using Calango.Web.Text;

namespace Calango.Web.Api.Knowledge;

/// <summary>The collections that the token's owner may use: <c>/api/collections</c>, <c>/api/embedders</c>. Any other is not there.</summary>
internal static class CollectionsEndpoint
{
    private const int MaxModelLength = 500;

    public static async Task<ApiPage<ApiEmbedder>> EmbeddersAsync(EmbedderChoices embedders, CancellationToken cancellationToken) =>
        new([.. (await embedders.NewAsync(cancellationToken)).Offered.Select(ApiEmbedder.Of)], Next: null);

    public static async Task<ApiPage<ApiReranker>> RerankersAsync(RerankerChoices rerankers, CancellationToken cancellationToken) =>
        new([.. (await rerankers.WithAsync(null, cancellationToken)).Offered.Select(ApiReranker.Of)], Next: null);

    public static async Task<ApiPage<ApiCollection>> ListAsync(Collections collections, Viewer viewer, CancellationToken cancellationToken) =>
        new([.. (await collections.ListAsync(viewer.AccountId, cancellationToken)).Select(ApiCollection.Of)], Next: null);

    public static async Task<ApiCollection> FindAsync(Guid id, Collections collections, Viewer viewer, CancellationToken cancellationToken) =>
        ApiCollection.Of(await collections.FindAsync(viewer.AccountId, id, CollectionRight.Read, cancellationToken));

    public static async Task<IResult> AddAsync(HttpRequest request, Collections collections, EmbedderChoices embedders, RerankerChoices rerankers, Viewer viewer, CancellationToken cancellationToken)
    {
        var body = await JsonInput.ReadAsync(request, cancellationToken);
        var name = body.Needed("name").Text(Collection.MaxNameLength);
        var usual = await embedders.NewAsync(cancellationToken);
        var embedder = await embedders.ReadAsync(EmbedderOf(body, usual.Chosen), body["translatesPortuguese"]?.Flag() ?? usual.Translates, now: null, cancellationToken);
        var options = await OptionsOfAsync(body["options"], new RetrievalOptions(), rerankers, cancellationToken);
        var made = await collections.AddAsync(viewer.AccountId, name, body["description"]?.Text() ?? "", embedder, cancellationToken);
        await collections.SetUpAsync(viewer.AccountId, made.Id, options, embedder, cancellationToken);
        return Results.Created($"/api/collections/{made.Id}", await FindAsync(made.Id, collections, viewer, cancellationToken));
    }

    public static async Task<ApiCollection> ChangeAsync(Guid id, HttpRequest request, Collections collections, EmbedderChoices embedders, RerankerChoices rerankers, Viewer viewer, CancellationToken cancellationToken)
    {
        var now = (await collections.FindAsync(viewer.AccountId, id, CollectionRight.Manage, cancellationToken)).Collection;
        var body = await JsonInput.ReadAsync(request, cancellationToken);
        var options = await OptionsOfAsync(body["options"], now.Options, rerankers, cancellationToken);
        var embedder = await embedders.ReadAsync(EmbedderOf(body, now.Embedder?.ToString()), body["translatesPortuguese"]?.Flag() ?? now.IsTranslated, now, cancellationToken);
        await collections.RenameAsync(viewer.AccountId, id, body["name"]?.Text(Collection.MaxNameLength) ?? now.Name, body["description"]?.Text() ?? now.Description, cancellationToken);
        await collections.SetUpAsync(viewer.AccountId, id, options, embedder, cancellationToken);
        return await FindAsync(id, collections, viewer, cancellationToken);
    }

    public static async Task<IResult> DeleteAsync(Guid id, Collections collections, Viewer viewer, RequestAudit audit, CancellationToken cancellationToken)
    {
        var overview = await collections.FindAsync(viewer.AccountId, id, CollectionRight.Manage, cancellationToken);
        await collections.RemoveAsync(viewer.AccountId, id, cancellationToken);
        await audit.WriteAsync(AuditActs.CollectionRemoved, $"{id} {overview.Collection.Name}");
        return Results.NoContent();
    }

    public static async Task<ApiFound> SearchAsync(Guid id, string? q, Collections collections, PassageSearch search, Viewer viewer, CancellationToken cancellationToken)
    {
        var collection = (await collections.FindAsync(viewer.AccountId, id, CollectionRight.Read, cancellationToken)).Collection;
        var question = string.IsNullOrWhiteSpace(q) ? throw new RejectedException("api.missing", ("param", "q"))
            : q.Length > Search.MaxLength ? throw new RejectedException("api.length", ("param", "q"), ("most", $"{Search.MaxLength}"))
            : q;
        return ApiFound.Of(await search.FindAsync([collection], question, cancellationToken));
    }

    /// <summary>Options with what a program changes in them.</summary>
    public static async Task<RetrievalOptions> OptionsOfAsync(JsonInput? entered, RetrievalOptions now, RerankerChoices rerankers, CancellationToken cancellationToken)
    {
        if (entered is not { } changed)
        {
            return now;
        }

        var options = now with
        {
            ChunkTokens = (int?)changed["chunkTokens"]?.Whole(0, int.MaxValue) ?? now.ChunkTokens,
            OverlapTokens = (int?)changed["overlapTokens"]?.Whole(0, int.MaxValue) ?? now.OverlapTokens,
            FusionWeight = Has(changed, "fusionWeight") ? changed["fusionWeight"]?.Number(0, 1) : now.FusionWeight,
            MaxPassages = (int?)changed["maxPassages"]?.Whole(1, int.MaxValue) ?? now.MaxPassages,
            Threshold = changed["threshold"]?.Number(0, 1) ?? now.Threshold,
            Diversity = changed["diversity"]?.Number(0, 1) ?? now.Diversity,
            WholeDocumentShare = changed["wholeDocumentShare"]?.Number(0, 1) ?? now.WholeDocumentShare,
            Reranker = Has(changed, "reranker") ? await rerankers.ReadAsync(changed["reranker"]?.Text(MaxModelLength), now.Reranker, cancellationToken) : now.Reranker,
        };
        options.Validate();
        return options;
    }

    // Null says that there is to be none; what is not there says nothing.
    private static string? EmbedderOf(JsonInput body, string? usual) => Has(body, "embedder") ? body["embedder"]?.Text(MaxModelLength) : usual;

    private static bool Has(JsonInput body, string name) => body.Object().TryGetProperty(name, out _);
}
