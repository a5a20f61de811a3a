using Calango.Core.Errors;
using Calango.Core.Templates;
using Calango.Web.Hosting;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Templates;

/// <summary>A template that is not there yet, empty or a copy of another one.</summary>
public sealed class New(Core.Templates.Templates templates, Viewer viewer, PageText text) : PageModel
{
    /// <summary>Its form.</summary>
    public EditorView Editor { get; private set; } = null!;

    /// <summary>Shows the form.</summary>
    public async Task OnGetAsync([FromQuery] Guid? from, CancellationToken cancellationToken)
    {
        var content = from is { } id ? (await templates.FindAsync(viewer.AccountId, id, TemplateRight.Use, cancellationToken)).Template.Content : new TemplateContent("", "");
        // Its command may be taken: by the very one that is copied.
        Editor = new EditorView(null, 0, TemplateFields.Of(from is null ? content : content with { Name = text["templates.copy.of", ("name", content.Name)], Command = null }), new Dictionary<string, string>());
    }

    /// <summary>Makes it.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        Editor = EditorView.Of(null, 0, await Request.ReadFormAsync(cancellationToken));
        if (Editor.Errors.Count == 0)
        {
            try
            {
                var made = await templates.AddAsync(viewer.AccountId, Editor.Fields.ToContent([]), isPublished: false, cancellationToken);
                return LocalRedirect($"/templates/{made.Id}");
            }
            catch (RejectedException rejected)
            {
                Editor = Editor with { Refusal = text.Error(Fault.Of(rejected)) };
            }
        }

        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }
}
