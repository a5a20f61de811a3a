using Calango.Core.Errors;
using Calango.Core.Knowledge;
using Calango.Core.Memory;
using Calango.Core.Models;
using Calango.Web.Hosting;
using Calango.Web.Htmx;
using Calango.Web.Pages.Knowledge;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages;

/// <summary>Whether the viewer's chats are found by what they mean, too.</summary>
public sealed class ChatMemoryPage(Viewer viewer, ChatMemories memories, ChatMemoryViews views, EmbedderChoices embedders, Translator translator, PageText text) : PageModel
{
    /// <summary>As it is.</summary>
    public ChatMemoryView Shown { get; private set; } = null!;

    /// <summary>Shows how far it is.</summary>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        Shown = await views.OfAsync(chosen: null, cancellationToken);
        return Request.IsHtmx() ? Partial("_ChatMemoryState", Shown) : Page();
    }

    /// <summary>Wants it, by a model, or does not want it any more.</summary>
    /// <param name="on">Whether it is wanted.</param>
    /// <param name="embedder">The model.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IActionResult> OnPostAsync(bool on, string? embedder, CancellationToken cancellationToken)
    {
        var refusal = await TryAsync(on, embedder, cancellationToken);
        if (!Request.IsHtmx() && refusal is null)
        {
            return LocalRedirect("/preferences#chat-memory");
        }

        Shown = (await views.OfAsync(embedder, cancellationToken)) with { Refusal = refusal };
        return Request.IsHtmx() ? Partial("_ChatMemory", Shown) : Page();
    }

    // Why it was not done; null: it was.
    private async Task<string?> TryAsync(bool on, string? embedder, CancellationToken cancellationToken)
    {
        if (!on)
        {
            await memories.ForgetAsync(viewer.AccountId, cancellationToken);
            return null;
        }

        try
        {
            var choice = await embedders.ReadAsync(embedder, translator.IsInstalled, now: null, cancellationToken) ?? throw new RejectedException("collection.embedder");
            await memories.ChooseAsync(viewer.AccountId, choice, cancellationToken);
            return null;
        }
        catch (Exception refused) when (refused is RejectedException or ModelFailedException)
        {
            return text.Error(Fault.Of(refused));
        }
    }
}
