using Calango.Core.Identity;
using Calango.Core.PersonalData;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.PersonalData;

/// <summary>What somebody can do with all that is theirs: take it with them, or have it removed.</summary>
public class Index(People people, Sessions sessions, AccountRemoval removal, Viewer viewer) : PageModel
{
    /// <summary>Whether they prove with a password who they are; else they have signed in lately.</summary>
    public bool HasPassword { get; private set; }

    /// <summary>Whether they have.</summary>
    public bool IsFresh { get; private set; }

    /// <summary>From when on their account is removed if they ask now.</summary>
    public DateTimeOffset RemovedIfAskedNow => removal.IfAskedNow;

    /// <summary>What is wrong with the password; null: nothing.</summary>
    public string? Error { get; private protected set; }

    /// <summary>Why nothing is removed; null: nobody tried.</summary>
    public string? Refusal { get; private protected set; }

    /// <summary>Shows it.</summary>
    public Task OnGetAsync(CancellationToken cancellationToken) => ReadAsync(cancellationToken);

    private protected async Task ReadAsync(CancellationToken cancellationToken)
    {
        if (viewer.SessionId is { } session)
        {
            HasPassword = (await people.FindAsync(viewer.AccountId, cancellationToken)).HasPassword;
            IsFresh = await sessions.IsFreshAsync(viewer.AccountId, session, cancellationToken);
        }
    }
}
