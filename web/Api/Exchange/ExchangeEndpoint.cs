using Calango.Core.Audit;
using Calango.Core.Exchange;
using Calango.Web.Exchange;
using Calango.Web.Identity;
using Calango.Web.Text;

namespace Calango.Web.Api.Exchange;

/// <summary>How chats leave and come: <c>/api/chats/{id}/export</c>, <c>/api/export</c>, <c>/api/imports</c>.</summary>
internal static class ExchangeEndpoint
{
    public static Task ExportAsync(Guid id, string? format, HttpContext context, ChatDownloads downloads, Viewer viewer) => downloads.SendAsync(viewer.AccountId, id, format ?? "json", context);

    public static async Task ExportAllAsync(string? format, HttpContext context, ChatDownloads downloads, Viewer viewer, RequestAudit audit)
    {
        await audit.WriteAsync(AuditActs.ChatsExported, format ?? "json");
        await downloads.SendAllAsync(viewer.AccountId, [], format ?? "json", context);
    }

    public static async Task<IResult> BeginAsync(string? name, HttpRequest request, ChatImports imports, Viewer viewer, CancellationToken cancellationToken)
    {
        var import = await imports.BeginAsync(viewer.AccountId, string.IsNullOrWhiteSpace(name) ? "chats" : name, request.Body, cancellationToken);
        return Results.Accepted($"/api/imports/{import.Id}", ApiImport.Of(import));
    }

    public static async Task<ApiImport> FindAsync(Guid id, ChatImports imports, Viewer viewer, CancellationToken cancellationToken) => ApiImport.Of(await imports.FindAsync(viewer.AccountId, id, cancellationToken));

    public static async Task<ApiImport> StartAsync(Guid id, ChatImports imports, Viewer viewer, RequestAudit audit, CancellationToken cancellationToken)
    {
        await imports.StartAsync(viewer.AccountId, id, cancellationToken);
        var import = await imports.FindAsync(viewer.AccountId, id, cancellationToken);
        await audit.WriteAsync(AuditActs.ChatsImported, $"{id} ({import.FileName})");
        return ApiImport.Of(import);
    }

    public static async Task<IResult> CancelAsync(Guid id, ChatImports imports, Viewer viewer, CancellationToken cancellationToken)
    {
        await imports.CancelAsync(viewer.AccountId, id, cancellationToken);
        return Results.NoContent();
    }
}
