using Calango.Core.Identity;
using Calango.Web.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.Sessions;

/// <summary>Who is signed in.</summary>
[ServerOnly]
public sealed class Index(OpenSessions sessions) : PageModel
{
    private const int PageSize = 50;

    /// <summary>What is searched for; null: all are shown.</summary>
    [FromQuery(Name = "q")]
    public string? Query { get; set; }

    /// <summary>The last one of the page before; null: this is the first.</summary>
    [FromQuery(Name = "before")]
    public Guid? Before { get; set; }

    /// <summary>The sessions, the last opened first.</summary>
    public IReadOnlyList<OpenSession> Sessions { get; private set; } = [];

    /// <summary>Before which the next page begins; null: there is none.</summary>
    public Guid? Next { get; private set; }

    /// <summary>Shows them.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        var found = await sessions.ListAsync(Query, Before, PageSize + 1, cancellationToken);
        Sessions = [.. found.Take(PageSize)];
        Next = found.Count > PageSize ? Sessions[^1].Session.Id : null;
    }
}
