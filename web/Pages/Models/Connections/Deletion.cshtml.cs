using Calango.Core.Errors;
using Calango.Core.Models;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Models.Connections;

/// <summary>The question before a connection is removed.</summary>
public sealed class Deletion(Core.Models.Connections connections) : PageModel
{
    /// <summary>The connection.</summary>
    public Connection Connection { get; private set; } = null!;

    /// <summary>Asks.</summary>
    public async Task OnGetAsync(Guid id, CancellationToken cancellationToken) =>
        Connection = await connections.FindAsync(id, cancellationToken) ?? throw new NotFoundException();
}
