using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Chat;

/// <summary>One message.</summary>
public sealed class MessagePage(Viewer viewer, ChatViews views, MessageTree tree, Turns turns) : ChatPage(viewer, views)
{
    /// <summary>The message.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid MessageId { get; set; }

    /// <summary>What is shown.</summary>
    public MessageItem Item { get; private set; } = null!;

    /// <summary>Shows it, or the form in which it is changed, or, where the page lost its stream, all that has changed by its end.</summary>
    public async Task<IActionResult> OnGetAsync(bool edit, bool followed, CancellationToken cancellationToken)
    {
        Item = await FindAsync(cancellationToken);
        return !Request.IsHtmx() ? Page()
            : followed && Item.View.Turn is { IsRunning: false } ended ? Partial("_TurnEnd", await Views.EndAsync(AccountId, ConversationId, ended.Id, cancellationToken))
            : Partial(edit ? "_EditMessage" : "_Message", Item);
    }

    /// <summary>Changes it. A question is asked again, as a branch; an answer gets a sibling.</summary>
    public async Task<IActionResult> OnPutAsync(string? text, Guid clientMessageId, CancellationToken cancellationToken)
    {
        var message = (await FindAsync(cancellationToken)).View.Message;
        if (message.Role == MessageRole.Assistant)
        {
            return await ShowChatAsync(await tree.EditAnswerAsync(AccountId, ConversationId, MessageId, text ?? "", cancellationToken), cancellationToken);
        }

        var turn = await turns.EditQuestionAsync(AccountId, ConversationId, MessageId, text ?? "", clientMessageId, RequestId, cancellationToken);
        return await ShowChatAsync(turn.QuestionId, cancellationToken);
    }

    /// <summary>Deletes it with all that follows it.</summary>
    public async Task<IActionResult> OnDeleteAsync(CancellationToken cancellationToken)
    {
        await tree.DeleteAsync(AccountId, ConversationId, MessageId, cancellationToken);
        return await ShowChatAsync(messageId: null, cancellationToken);
    }

    private async Task<MessageItem> FindAsync(CancellationToken cancellationToken) =>
        await tree.FindAsync(AccountId, ConversationId, MessageId, cancellationToken) is { } view
            ? new MessageItem(ConversationId, view)
            : throw new NotFoundException();
}
