using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Chat;

/// <summary>The tags of a chat.</summary>
public sealed class ChatTags(Viewer viewer, ChatViews views, Conversations conversations, Core.Chat.Tags tags) : ChatPage(viewer, views)
{
    /// <summary>All that there are.</summary>
    public IReadOnlyList<TagUse> All { get; private set; } = [];

    /// <summary>Those that the chat has.</summary>
    public IReadOnlySet<Guid> Chosen { get; private set; } = new HashSet<Guid>();

    /// <summary>Shows them.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        _ = await conversations.FindAsync(AccountId, ConversationId, cancellationToken) ?? throw new NotFoundException();
        All = await tags.ListAsync(AccountId, cancellationToken);
        Chosen = (await tags.OfAsync(AccountId, [ConversationId], cancellationToken))[ConversationId].Select(tag => tag.Id).ToHashSet();
    }

    /// <summary>Gives it those that are ticked, and a new one where one is named.</summary>
    public async Task<IActionResult> OnPutAsync([FromForm(Name = "Tags")] Guid[] chosen, string? name, TagColor color, CancellationToken cancellationToken)
    {
        _ = await conversations.FindAsync(AccountId, ConversationId, cancellationToken) ?? throw new NotFoundException();
        var made = string.IsNullOrWhiteSpace(name) ? null : await tags.AddAsync(AccountId, name, color, cancellationToken);
        await tags.ReplaceAsync(AccountId, ConversationId, made is null ? chosen : chosen.Append(made.Id), cancellationToken);
        if (!Request.IsHtmx())
        {
            return Redirect(ChatUrl);
        }

        Response.ChatsMoved();
        return new EmptyResult();
    }
}
