using Calango.Core.Models;
using Calango.Core.Tools;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.ToolServers;

/// <summary>A server of tools that is not there yet.</summary>
public sealed class New(Core.Tools.ToolServers servers, ToolCatalog catalog, Viewer viewer) : PageModel
{
    /// <summary>Its form.</summary>
    public ToolServerForm Form { get; private set; } = null!;

    /// <summary>Shows an empty one.</summary>
    public void OnGet(string source) => Form = ToolServerForm.Of(servers.SourceOf(source), Blank(source), isNew: true);

    /// <summary>Adds it, or only tries what was entered.</summary>
    public async Task<IActionResult> OnPostAsync(string source, ToolServerFields fields, bool test, CancellationToken cancellationToken)
    {
        Form = new ToolServerForm(servers.SourceOf(source), Blank(source), fields, IsNew: true);
        try
        {
            if (!test)
            {
                await servers.AddAsync(source, Form.Input, cancellationToken);
                return this.Go("/plugins");
            }

            Form = Form with { Test = await catalog.TryAsync(servers.Try(Form.Server, Form.Input), viewer.AccountId, cancellationToken) };
        }
        catch (InvalidInputException refused)
        {
            Form = Form.With(refused);
        }

        return Request.IsHtmx() ? Partial("_ToolServerForm", Form) : Page();
    }

    private static ToolServer Blank(string source) => new() { Id = Guid.CreateVersion7(), PluginId = source };
}
