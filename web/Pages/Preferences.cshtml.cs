using Calango.Core.Chat;
using Calango.Core.Localization;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages;

/// <summary>How a person likes the pages. Kept in the browser, not in the account: a phone may be dark and a desk light.</summary>
public sealed class Preferences(Viewer viewer, Locales locales, KeptAnswers kept, ChatMemoryViews memories) : PageModel
{
    /// <summary>The languages there are.</summary>
    public IReadOnlyList<string> Languages => locales.Languages;

    /// <summary>How many answers are kept for the viewer.</summary>
    public int KeptAnswers { get; private set; }

    /// <summary>Whether chats are found by what they mean, too.</summary>
    public ChatMemoryView Memory { get; private set; } = null!;

    /// <summary>Shows the choices.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        KeptAnswers = await kept.CountAsync(viewer.AccountId, cancellationToken);
        Memory = await memories.OfAsync(chosen: null, cancellationToken);
    }

    /// <summary>Remembers what was chosen. Another language needs the page again; what is being typed is kept by the page.</summary>
    public IActionResult OnPost(string? language)
    {
        Remember("lang", language, locales.Languages);
        foreach (var look in Look.All)
        {
            Remember(look.Name, Request.Form[look.Name], look.Choices);
        }

        if (!Request.IsHtmx())
        {
            return Redirect("/preferences");
        }

        if (language is not null && language != viewer.Language)
        {
            Response.Refresh();
        }

        return StatusCode(StatusCodes.Status204NoContent);
    }

    private void Remember(string name, string? value, IReadOnlyList<string> known)
    {
        if (value is not null && known.Contains(value))
        {
            viewer.Remember(name, value);
        }
    }
}
