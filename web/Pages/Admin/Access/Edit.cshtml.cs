using Calango.Core.Audit;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Web.Htmx;
using Calango.Web.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.Access;

/// <summary>Who may use one thing.</summary>
[ServerOnly]
public sealed class Edit(AccessThings things, AccessLimits limits, Core.Identity.Groups groups, RequestAudit audit) : PageModel
{
    /// <summary>The thing.</summary>
    public AccessThing Shown { get; private set; } = null!;

    /// <summary>All groups.</summary>
    public IReadOnlyList<Group> Groups { get; private set; } = [];

    /// <summary>Those that may use it; null: everybody may.</summary>
    public IReadOnlyList<Guid>? Chosen { get; private set; }

    /// <summary>Shows it.</summary>
    public async Task OnGetAsync(AccessKind kind, string? key, CancellationToken cancellationToken)
    {
        Shown = await FindAsync(kind, key, cancellationToken);
        Groups = await groups.AllAsync(cancellationToken);
        Chosen = (await limits.ListAsync(kind, cancellationToken)).GetValueOrDefault(Shown.Key)?.Groups;
    }

    /// <summary>Changes it.</summary>
    public async Task<IActionResult> OnPutAsync(AccessKind kind, [FromQuery] string? key, bool everybody, Guid[] group, CancellationToken cancellationToken)
    {
        var thing = await FindAsync(kind, key, cancellationToken);
        var known = (await groups.AllAsync(cancellationToken)).Select(one => one.Id).ToHashSet();
        await limits.SetAsync(kind, thing.Key, everybody ? null : [.. group.Where(known.Contains)], cancellationToken);
        await audit.WriteAsync(AuditActs.AccessChanged, $"{kind} {thing.Key}");
        return this.Go($"/admin/access?kind={kind}");
    }

    private async Task<AccessThing> FindAsync(AccessKind kind, string? key, CancellationToken cancellationToken) =>
        (await things.ListAsync(kind, cancellationToken)).FirstOrDefault(thing => thing.Key == key) ?? throw new NotFoundException();
}
