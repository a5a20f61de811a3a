using Calango.Core.Identity;
using Calango.Web.Identity;
using Calango.Web.Pages.Shared;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Account;

/// <summary>Who the viewer is, where they are signed in, and their password.</summary>
[ServerOnly]
public class Index(People people, Core.Identity.Sessions sessions, Viewer viewer) : PageModel
{
    private protected IReadOnlyDictionary<string, string> Errors { get; set; } = new Dictionary<string, string>();

    /// <summary>They.</summary>
    public Person Person { get; private set; } = null!;

    /// <summary>Their sessions, the last used first.</summary>
    public IReadOnlyList<Session> Sessions { get; private set; } = [];

    /// <summary>How long each lasts at most.</summary>
    public TimeSpan LongestSession => HttpContext.RequestServices.GetRequiredService<SessionLimits>().Longest;

    /// <summary>Why the password was not changed; null: nobody tried, or it was.</summary>
    public string? Refusal { get; private protected set; }

    /// <summary>Whether it was changed just now.</summary>
    [FromQuery(Name = "changed")]
    public bool IsChanged { get; set; }

    /// <summary>A line of the form of the password, always empty.</summary>
    public FormField Field(string name, string label) => new(name, label, null, Errors.GetValueOrDefault(name));

    /// <summary>Shows it.</summary>
    public Task OnGetAsync(CancellationToken cancellationToken) => ReadAsync(cancellationToken);

    private protected async Task ReadAsync(CancellationToken cancellationToken) => (Person, Sessions) =
        (await people.FindAsync(viewer.AccountId, cancellationToken), await sessions.ListAsync(viewer.AccountId, cancellationToken));
}
