using Calango.Core.Audit;
using Calango.Core.Errors;
using Calango.Core.Knowledge;
using Calango.Web.Api.Chats;
using Calango.Web.Identity;
using Calango.Web.Text;

namespace Calango.Web.Api.Knowledge;

/// <summary>Where documents of a collection come from by themselves: <c>/api/collections/{id}/sources</c>. A folder of the server is added on its page alone, by whoever runs the server.</summary>
internal static class SourcesEndpoint
{
    public static async Task<ApiPage<ApiSource>> ListAsync(Guid id, CollectionSources sources, Viewer viewer, TimeProvider clock, CancellationToken cancellationToken) =>
        new([.. (await sources.ListAsync(viewer.AccountId, id, cancellationToken)).Select(source => ApiSource.Of(source, clock))], Next: null);

    public static async Task<ApiSource> FindAsync(Guid id, Guid source, CollectionSources sources, Viewer viewer, TimeProvider clock, CancellationToken cancellationToken) =>
        ApiSource.Of(await sources.FindAsync(viewer.AccountId, id, source, cancellationToken), clock);

    public static async Task<IResult> AddAsync(Guid id, HttpRequest request, CollectionSources sources, Viewer viewer, RequestAudit audit, TimeProvider clock, CancellationToken cancellationToken)
    {
        var body = await JsonInput.ReadAsync(request, cancellationToken);
        var interval = IntervalOf(body) ?? RefreshInterval.Daily;
        var added = await sources.AddAsync(viewer.AccountId, id, SourceKind.Web, body.Needed("address").Text(Source.MaxAddressLength), interval, cancellationToken);
        await audit.WriteAsync(AuditActs.SourceAdded, $"{id} {added.Address}");
        return Results.Created($"/api/collections/{id}/sources/{added.Id}", ApiSource.Of(added, clock));
    }

    public static async Task<ApiSource> ChangeAsync(Guid id, Guid source, HttpRequest request, CollectionSources sources, Viewer viewer, TimeProvider clock, CancellationToken cancellationToken)
    {
        var body = await JsonInput.ReadAsync(request, cancellationToken);
        await sources.ChangeAsync(viewer.AccountId, id, source, IntervalOf(body) ?? throw new RejectedException("api.missing", ("param", "interval")), cancellationToken);
        return await FindAsync(id, source, sources, viewer, clock, cancellationToken);
    }

    public static async Task<ApiSource> RefreshAsync(Guid id, Guid source, CollectionSources sources, Viewer viewer, TimeProvider clock, CancellationToken cancellationToken)
    {
        await sources.RefreshAsync(viewer.AccountId, id, source, cancellationToken);
        return await FindAsync(id, source, sources, viewer, clock, cancellationToken);
    }

    public static async Task<IResult> DeleteAsync(Guid id, Guid source, bool? withDocuments, CollectionSources sources, Viewer viewer, RequestAudit audit, CancellationToken cancellationToken)
    {
        var removed = await sources.FindAsync(viewer.AccountId, id, source, cancellationToken);
        await sources.RemoveAsync(viewer.AccountId, id, source, withDocuments ?? false, cancellationToken);
        await audit.WriteAsync(AuditActs.SourceRemoved, $"{id} {removed.Address}");
        return Results.NoContent();
    }

    private static RefreshInterval? IntervalOf(JsonInput body) => body["interval"] is not { } interval ? null
        : Enum.GetValues<RefreshInterval>().Where(value => ApiCollection.Camel(value) == interval.Text()).Select(value => (RefreshInterval?)value).FirstOrDefault()
            ?? throw new RejectedException("api.type", ("param", "interval"), ("type", string.Join(" | ", Enum.GetValues<RefreshInterval>().Select(value => ApiCollection.Camel(value)))));
}
