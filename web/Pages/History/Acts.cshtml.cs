using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.History;

/// <summary>What was done to chats that somebody chose.</summary>
public sealed class Acts(Viewer viewer, ChatActs acts) : PageModel
{
    /// <summary>What was done.</summary>
    public DoneAct Done { get; private set; } = null!;

    /// <summary>Does it to all of them. The answer offers to take that back.</summary>
    public async Task<IActionResult> OnPostAsync(ChatAct? act, Guid[] chats, Guid? folder, Guid? tag, CancellationToken cancellationToken)
    {
        if (chats.Length == 0)
        {
            throw new RejectedException("chats.none");
        }

        var target = act switch
        {
            ChatAct.Move => folder,
            ChatAct.Tag => tag,
            _ => null,
        };
        Done = await DoneAct.DoAsync(acts, viewer.AccountId, chats, act ?? throw new NotFoundException(), target, cancellationToken);
        if (!Request.IsHtmx())
        {
            return Page();
        }

        Response.ChatsMoved();
        return Partial("_ActDone", Done);
    }

    /// <summary>Takes it back.</summary>
    public async Task<IActionResult> OnDeleteAsync(ChatAct? act, Guid? target, string[] before, CancellationToken cancellationToken)
    {
        var chats = before.Select(PlacedChat.Parse).OfType<PlacedChat>().ToList();
        await acts.UndoAsync(viewer.AccountId, act ?? throw new NotFoundException(), target, chats, cancellationToken);
        if (!Request.IsHtmx())
        {
            return LocalRedirect("/conversations");
        }

        Response.ChatsMoved();
        return new EmptyResult();
    }
}

/// <summary>An act that was done.</summary>
/// <param name="Act">What it was.</param>
/// <param name="Target">Its folder or tag; null: it has none.</param>
/// <param name="Before">The chats that changed, as they were.</param>
public sealed record DoneAct(ChatAct Act, Guid? Target, IReadOnlyList<PlacedChat> Before)
{
    /// <summary>Does it.</summary>
    public static async Task<DoneAct> DoAsync(ChatActs acts, Guid accountId, IReadOnlyCollection<Guid> chats, ChatAct act, Guid? target, CancellationToken cancellationToken) =>
        new(act, target, await acts.DoAsync(accountId, chats, act, target, cancellationToken));
}
