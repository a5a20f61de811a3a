using System.Text.Json;
using Calango.Core.Audit;
using Calango.Web.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.Audit;

/// <summary>The whole log as a file: an entry a line, as JSON, with its hash.</summary>
[ServerOnly]
public sealed class Export(IServiceProvider services) : PageModel
{
    /// <summary>Sends it, row by row: it may be long.</summary>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        Response.ContentType = "application/jsonl; charset=utf-8";
        Response.Headers.ContentDisposition = "attachment; filename=calango-audit.jsonl";
        await foreach (var entry in services.GetRequiredService<AuditLog>().ReadAsync(cancellationToken))
        {
            await JsonSerializer.SerializeAsync(Response.Body, entry, JsonSerializerOptions.Web, cancellationToken);
            await Response.WriteAsync("\n", cancellationToken);
        }

        return new EmptyResult();
    }
}
