using Calango.Core.Audit;
using Calango.Core.Identity;
using Calango.Core.Knowledge;
using Calango.Web.Htmx;
using Calango.Web.Identity;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Knowledge;

/// <summary>Who may use a collection besides its owner.</summary>
[ServerOnly]
public sealed class Members(Collections collections, Core.Identity.Groups groups, Viewer viewer, RequestAudit audit) : PageModel
{
    /// <summary>The collection.</summary>
    public Collection Collection { get; private set; } = null!;

    /// <summary>They.</summary>
    public IReadOnlyList<NamedMember> Shown { get; private set; } = [];

    /// <summary>The groups with which the viewer can share it.</summary>
    public IReadOnlyList<Group> Groups { get; private set; } = [];

    /// <summary>What was entered and not taken.</summary>
    public MemberFields Fields { get; private set; } = new(null, null, CollectionRight.Read);

    /// <summary>What is wrong with the address; null: nothing.</summary>
    public string? Error { get; private set; }

    /// <summary>Shows them.</summary>
    public Task OnGetAsync(Guid id, CancellationToken cancellationToken) => ReadAsync(id, cancellationToken);

    /// <summary>Shares it with a person or a group, or changes what they may do.</summary>
    public async Task<IActionResult> OnPostAsync(Guid id, MemberFields fields, CancellationToken cancellationToken)
    {
        await ReadAsync(id, cancellationToken);
        Fields = fields;
        var group = Groups.FirstOrDefault(group => group.Id == fields.GroupId);
        var person = group is null ? await AccountOfAsync(fields.Email, cancellationToken) : null;
        Error = person == Collection.OwnerId ? "owner" : person is null && group is null ? "nobody" : Enum.IsDefined(fields.Right) ? null : "choice";
        if (Error is not null)
        {
            Response.StatusCode = StatusCodes.Status400BadRequest;
            return Page();
        }

        await collections.ShareAsync(viewer.AccountId, id, person, group?.Id, fields.Right, cancellationToken);
        await audit.WriteAsync(AuditActs.CollectionShared, $"{id} {person ?? group!.Id} {fields.Right}");
        return this.Go($"/knowledge/{id}/members");
    }

    private async Task ReadAsync(Guid id, CancellationToken cancellationToken)
    {
        Collection = (await collections.FindAsync(viewer.AccountId, id, CollectionRight.Manage, cancellationToken)).Collection;
        Shown = await collections.MembersAsync(viewer.AccountId, id, cancellationToken);
        // Which other groups there are, only whoever runs the server knows.
        Groups = viewer.IsAdmin ? await groups.AllAsync(cancellationToken) : [.. (await groups.OfAsync(viewer.AccountId, cancellationToken)).Select(own => own.Group)];
    }

    private async Task<Guid?> AccountOfAsync(string? email, CancellationToken cancellationToken) =>
        string.IsNullOrWhiteSpace(email) || email.Length > Credentials.MaxEmailLength ? null : await groups.AccountOfAsync(email.Trim(), cancellationToken);
}

/// <summary>What a browser sends to share a collection: an address, or a group.</summary>
public sealed record MemberFields(string? Email, Guid? GroupId, CollectionRight Right);
