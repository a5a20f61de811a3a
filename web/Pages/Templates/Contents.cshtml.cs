using Calango.Core.Audit;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Core.Templates;
using Calango.Web.Hosting;
using Calango.Web.Htmx;
using Calango.Web.Identity;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Templates;

/// <summary>One template: to be written on, or only to be read.</summary>
public sealed class Contents(Core.Templates.Templates templates, Viewer viewer, PageText text, RequestAudit audit) : PageModel
{
    /// <summary>The template.</summary>
    public TemplateView View { get; private set; } = null!;

    /// <summary>Its form; null: the viewer may not change it.</summary>
    public EditorView? Editor { get; private set; }

    /// <summary>Its address.</summary>
    public string Address => $"/templates/{View.Template.Id}";

    /// <summary>The viewer may share it and remove it.</summary>
    public bool CanManage => View.Right >= TemplateRight.Manage && MayWrite;

    /// <summary>The viewer may see how it was before.</summary>
    public bool CanSeeVersions => View.Right >= TemplateRight.Edit;

    /// <summary>It would be the viewer's to change if it were not there for everybody.</summary>
    public bool IsLocked => View.Right >= TemplateRight.Edit && MayWrite && View.Template.PublishedAt is not null && !viewer.IsAdmin;

    /// <summary>The viewer may let everybody use it.</summary>
    public bool CanPublish => CanManage && View.Template.PublishedAt is null && viewer.MayPublish();

    /// <summary>The viewer may end that.</summary>
    public bool CanWithdraw => View.Template.PublishedAt is not null && viewer.MayPublish();

    private bool MayWrite => viewer.Grants.HasFlag(Grants.Chat);

    /// <summary>Shows it.</summary>
    public async Task OnGetAsync(Guid id, CancellationToken cancellationToken)
    {
        View = await templates.FindAsync(viewer.AccountId, id, TemplateRight.Use, cancellationToken);
        Editor = View.Right >= TemplateRight.Edit && MayWrite && !IsLocked
            ? new EditorView(id, View.Template.Version, TemplateFields.Of(View.Template.Content), new Dictionary<string, string>())
            : null;
    }

    /// <summary>Saves a new version of it.</summary>
    public async Task<IActionResult> OnPostAsync(Guid id, [FromForm] int seen, CancellationToken cancellationToken)
    {
        View = await templates.FindAsync(viewer.AccountId, id, TemplateRight.Edit, cancellationToken);
        Editor = EditorView.Of(id, seen, await Request.ReadFormAsync(cancellationToken));
        if (Editor.Errors.Count == 0)
        {
            try
            {
                await templates.SaveAsync(viewer.AccountId, id, Editor.Fields.ToContent([]), seen, viewer.IsAdmin, cancellationToken);
                return LocalRedirect(Address);
            }
            catch (RejectedException rejected) when (rejected.Code is not ("template.readOnly" or "template.published"))
            {
                Editor = Editor with { Refusal = text.Error(Fault.Of(rejected)) };
            }
        }

        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }

    /// <summary>Removes it with all its versions.</summary>
    public async Task<IActionResult> OnDeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        View = await templates.FindAsync(viewer.AccountId, id, TemplateRight.Manage, cancellationToken);
        await templates.RemoveAsync(viewer.AccountId, id, cancellationToken);
        await audit.WriteAsync(AuditActs.TemplateRemoved, $"{id} {View.Template.Name}");
        return this.Go("/templates");
    }
}
