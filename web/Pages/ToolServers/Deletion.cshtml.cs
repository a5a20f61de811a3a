using Calango.Core.Tools;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.ToolServers;

/// <summary>The question before a server of tools is removed.</summary>
public sealed class Deletion(Core.Tools.ToolServers servers) : PageModel
{
    /// <summary>The server.</summary>
    public ToolServer Server { get; private set; } = null!;

    /// <summary>Asks.</summary>
    public async Task OnGetAsync(Guid id, CancellationToken cancellationToken) => Server = await servers.FindAsync(id, cancellationToken);
}
