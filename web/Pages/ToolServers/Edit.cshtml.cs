using Calango.Core.Models;
using Calango.Core.Tools;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.ToolServers;

/// <summary>A server of tools.</summary>
public sealed class Edit(Core.Tools.ToolServers servers, ToolCatalog catalog, Viewer viewer) : PageModel
{
    /// <summary>Its form.</summary>
    public ToolServerForm Form { get; private set; } = null!;

    /// <summary>Shows it.</summary>
    public async Task OnGetAsync(Guid id, CancellationToken cancellationToken)
    {
        var server = await servers.FindAsync(id, cancellationToken);
        Form = ToolServerForm.Of(servers.SourceOf(server.PluginId), server, isNew: false);
    }

    /// <summary>Changes it, or only tries what was entered.</summary>
    public async Task<IActionResult> OnPostAsync(Guid id, ToolServerFields fields, bool test, CancellationToken cancellationToken)
    {
        var server = await servers.FindAsync(id, cancellationToken);
        Form = new ToolServerForm(servers.SourceOf(server.PluginId), server, fields, IsNew: false);
        try
        {
            if (!test)
            {
                await servers.UpdateAsync(id, Form.Input, cancellationToken);
                return this.Go("/plugins");
            }

            Form = Form with { Test = await catalog.TryAsync(servers.Try(server, Form.Input), viewer.AccountId, cancellationToken) };
        }
        catch (InvalidInputException refused)
        {
            Form = Form.With(refused);
        }

        return Request.IsHtmx() ? Partial("_ToolServerForm", Form) : Page();
    }

    /// <summary>Removes it.</summary>
    public async Task<IActionResult> OnDeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        await servers.RemoveAsync(id, cancellationToken);
        return this.Go("/plugins");
    }
}
