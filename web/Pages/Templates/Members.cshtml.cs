using Calango.Core.Audit;
using Calango.Core.Identity;
using Calango.Core.Templates;
using Calango.Web.Htmx;
using Calango.Web.Identity;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Templates;

/// <summary>Who may use a template besides its owner.</summary>
[ServerOnly]
public sealed class Members(Core.Templates.Templates templates, TemplateSharing sharing, Core.Identity.Groups groups, Viewer viewer, RequestAudit audit) : PageModel
{
    /// <summary>The template.</summary>
    public Template Template { get; private set; } = null!;

    /// <summary>They.</summary>
    public IReadOnlyList<NamedTemplateMember> Shown { get; private set; } = [];

    /// <summary>The groups with which the viewer can share it.</summary>
    public IReadOnlyList<Group> Groups { get; private set; } = [];

    /// <summary>What was entered and not taken.</summary>
    public TemplateMemberFields Fields { get; private set; } = new(null, null, TemplateRight.Use);

    /// <summary>What is wrong with the address; null: nothing.</summary>
    public string? Error { get; private set; }

    /// <summary>Shows them.</summary>
    public Task OnGetAsync(Guid id, CancellationToken cancellationToken) => ReadAsync(id, cancellationToken);

    /// <summary>Shares it with a person or a group, or changes what they may do.</summary>
    public async Task<IActionResult> OnPostAsync(Guid id, TemplateMemberFields fields, CancellationToken cancellationToken)
    {
        await ReadAsync(id, cancellationToken);
        Fields = fields;
        var group = Groups.FirstOrDefault(group => group.Id == fields.GroupId);
        var person = group is null ? await AccountOfAsync(fields.Email, cancellationToken) : null;
        Error = person == Template.OwnerId ? "templateOwner" : person is null && group is null ? "nobody" : Enum.IsDefined(fields.Right) ? null : "choice";
        if (Error is not null)
        {
            Response.StatusCode = StatusCodes.Status400BadRequest;
            return Page();
        }

        await sharing.ShareAsync(viewer.AccountId, id, person, group?.Id, fields.Right, cancellationToken);
        await audit.WriteAsync(AuditActs.TemplateShared, $"{id} {person ?? group!.Id} {fields.Right}");
        return this.Go($"/templates/{id}/members");
    }

    private async Task ReadAsync(Guid id, CancellationToken cancellationToken)
    {
        Template = (await templates.FindAsync(viewer.AccountId, id, TemplateRight.Manage, cancellationToken)).Template;
        Shown = await sharing.MembersAsync(viewer.AccountId, id, cancellationToken);
        // Which other groups there are, only whoever runs the server knows.
        Groups = viewer.IsAdmin ? await groups.AllAsync(cancellationToken) : [.. (await groups.OfAsync(viewer.AccountId, cancellationToken)).Select(own => own.Group)];
    }

    private async Task<Guid?> AccountOfAsync(string? email, CancellationToken cancellationToken) =>
        string.IsNullOrWhiteSpace(email) || email.Length > Credentials.MaxEmailLength ? null : await groups.AccountOfAsync(email.Trim(), cancellationToken);
}

/// <summary>What a browser sends to share a template: an address, or a group.</summary>
public sealed record TemplateMemberFields(string? Email, Guid? GroupId, TemplateRight Right);
