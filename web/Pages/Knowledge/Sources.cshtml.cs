using Calango.Core.Audit;
using Calango.Core.Errors;
using Calango.Core.Knowledge;
using Calango.Web.Hosting;
using Calango.Web.Htmx;
using Calango.Web.Identity;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Knowledge;

/// <summary>Where documents of a collection come from by themselves.</summary>
public sealed class Sources(Collections collections, CollectionSources sources, SourceFolders folders, Viewer viewer, PageText text, RequestAudit audit, TimeProvider clock) : PageModel
{
    /// <summary>The collection.</summary>
    public Collection Collection { get; private set; } = null!;

    /// <summary>They.</summary>
    public IReadOnlyList<Source> Shown { get; private set; } = [];

    /// <summary>What was entered and not taken.</summary>
    public SourceFields Fields { get; private set; } = new(SourceKind.Web, null, RefreshInterval.Daily);

    /// <summary>Why it was not; null: it was, or nobody tried.</summary>
    public string? Refusal { get; private set; }

    /// <summary>The folders below which one may be watched; none: the viewer may not, or there are none.</summary>
    public IReadOnlyList<string> Roots => viewer.IsAdmin ? folders.Roots : [];

    /// <summary>Its address.</summary>
    public string Address => $"/knowledge/{Collection.Id}/sources";

    /// <summary>Somebody is at one, or will be in a moment.</summary>
    public bool IsLive => Shown.Any(source => IsUnderWay(source) || IsDue(source));

    /// <summary>Somebody is at it.</summary>
    public bool IsUnderWay(Source source) => source.IsUnderWay(clock.GetUtcNow());

    /// <summary>Somebody will be at it in a moment.</summary>
    public bool IsDue(Source source) => source.IsDue(clock.GetUtcNow());

    /// <summary>Shows them, or the list alone.</summary>
    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancellationToken)
    {
        await ReadAsync(id, cancellationToken);
        return Request.IsFor("sources") ? Partial("_SourceList", this) : Page();
    }

    /// <summary>Adds one.</summary>
    public async Task<IActionResult> OnPostAsync(Guid id, SourceFields fields, CancellationToken cancellationToken)
    {
        if (fields.Kind == SourceKind.Folder && !viewer.IsAdmin)
        {
            throw new NotFoundException();
        }

        try
        {
            var added = await sources.AddAsync(viewer.AccountId, id, fields.Kind, fields.Address ?? "", Enum.IsDefined(fields.Interval) ? fields.Interval : RefreshInterval.Never, cancellationToken);
            await audit.WriteAsync(AuditActs.SourceAdded, $"{id} {added.Address}");
            return this.Go($"/knowledge/{id}/sources");
        }
        catch (RejectedException rejected) when (rejected.Code.StartsWith("source.", StringComparison.Ordinal))
        {
            (Fields, Refusal) = (fields, text.Error(Fault.Of(rejected)));
            Response.StatusCode = StatusCodes.Status400BadRequest;
            await ReadAsync(id, cancellationToken);
            return Page();
        }
    }

    private async Task ReadAsync(Guid id, CancellationToken cancellationToken)
    {
        Collection = (await collections.FindAsync(viewer.AccountId, id, CollectionRight.Write, cancellationToken)).Collection;
        Shown = await sources.ListAsync(viewer.AccountId, id, cancellationToken);
    }
}

/// <summary>What a browser sends of a new source.</summary>
public sealed record SourceFields(SourceKind Kind, string? Address, RefreshInterval Interval);
