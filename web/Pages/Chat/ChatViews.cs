using Calango.Core.Chat;
using Calango.Core.Models;
using Calango.Core.Tools;

namespace Calango.Web.Pages.Chat;

/// <summary>Collects what the chat page shows. Thread-safe.</summary>
public sealed class ChatViews(MessageTree tree, ModelCatalog catalog, Titles titles, Conversations conversations, PersonalToolSettings personal, ChatDocuments documents, ChatPictures pictures, TimeProvider clock)
{
    // More than a screen, little enough to arrive at once.
    private const int PageSize = 30;

    // How much of what came after is shown below a message that somebody was sent to.
    private const int MessagesBelow = 6;

    // A model that writes a title answers in seconds, or not at all.
    private static readonly TimeSpan TitleWait = TimeSpan.FromMinutes(1);

    /// <summary>A chat with its newest messages; null: there is none.</summary>
    public async Task<ChatView?> FindAsync(Guid accountId, Guid id, CancellationToken cancellationToken) =>
        await FindAsync(accountId, id, PageSize, cancellationToken);

    /// <summary>A chat with one of its messages in view, which becomes part of the shown path; null: there is none.</summary>
    public async Task<ChatView?> FindAroundAsync(Guid accountId, Guid id, Guid messageId, CancellationToken cancellationToken)
    {
        await tree.ShowAsync(accountId, id, messageId, cancellationToken);
        var chat = await FindAsync(accountId, id, cancellationToken);
        if (chat is null || chat.Thread.Has(messageId))
        {
            return chat;
        }

        return await tree.PageAroundAsync(accountId, id, messageId, MessagesBelow, PageSize, cancellationToken) is { } page
            ? chat with
            {
                Thread = chat.Thread with { Messages = page.Messages, HasOlder = page.HasOlder, HasNewer = true },
                Composer = chat.Composer with { IsFarFromEnd = true },
            }
            : null;
    }

    /// <summary>A chat that doesn't exist yet.</summary>
    /// <param name="accountId">Whose it will be.</param>
    /// <param name="model">The model picked for it; null: the last one used.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ChatView> NewAsync(Guid accountId, ModelRef? model, CancellationToken cancellationToken)
    {
        var models = await catalog.ListAsync(accountId, cancellationToken);
        var chosen = model ?? await DefaultAsync(accountId, models, cancellationToken);
        return new ChatView(Conversation: null, ThreadView.Empty, new ComposerView(null, null, null, Choice(chosen, Known(models, chosen)), models.Count > 0));
    }

    /// <summary>One page of messages; null: the chat isn't there.</summary>
    public async Task<ThreadView?> ThreadAsync(Guid accountId, Guid id, Guid? before, CancellationToken cancellationToken)
    {
        if (await tree.PageAsync(accountId, id, before, PageSize, cancellationToken) is not { } page)
        {
            return null;
        }

        // What is left out shows in the chat's last turn, wherever in the chat somebody reads.
        var newest = before is null ? page : await tree.PageAsync(accountId, id, before: null, take: 1, cancellationToken);
        return new ThreadView(id, page.Messages, page.HasOlder) { Omission = OmissionOf(newest?.Messages ?? []) };
    }

    /// <summary>The last question and answer of a chat, with the chat around them; null: there is none.</summary>
    public async Task<ChatView?> NewestAsync(Guid accountId, Guid id, CancellationToken cancellationToken) =>
        await FindAsync(accountId, id, take: 2, cancellationToken) is { } chat ? chat with { Thread = chat.Thread with { HasOlder = false } } : null;

    /// <summary>What a page shows once a turn has ended; null: its chat or branch was deleted.</summary>
    public async Task<TurnEndView?> EndAsync(Guid accountId, Guid id, Guid turnId, CancellationToken cancellationToken) =>
        await tree.EndedAsync(accountId, id, turnId, cancellationToken) is { } page
            ? new TurnEndView(new MessageItem(id, page.Messages[0]), await OfAsync(page, cancellationToken))
            : null;

    /// <summary>A chat with a part of its messages.</summary>
    public async Task<ChatView> OfAsync(PathPage page, CancellationToken cancellationToken)
    {
        var conversation = page.Conversation;
        var thread = new ThreadView(conversation.Id, page.Messages, page.HasOlder) { Omission = OmissionOf(page.Messages) };
        var models = await catalog.ListAsync(conversation.AccountId, cancellationToken);
        var model = Known(models, conversation.Model);
        var use = ContextMeter.Of(conversation, model, page.Messages is [.., { Turn: var lastTurn }] ? lastTurn : null);
        var waiting = conversation.HasPictures ? await pictures.WaitingAsync(conversation.AccountId, conversation.Id, cancellationToken) : [];
        var composer = new ComposerView(conversation.Id, thread.Running, use, Choice(conversation.Model, model), models.Count > 0)
        {
            Tools = conversation.ToolChoice.Count,
            Collections = conversation.CollectionChoice.Count,
            Documents = conversation.HasDocuments ? await documents.ListAsync(conversation.AccountId, conversation.Id, cancellationToken) : [],
            Pictures = waiting,
            BlindModel = waiting.Count > 0 && model is { SeesPictures: false } ? model.Name : null,
            Lacking = await personal.LackingAsync(conversation.AccountId, conversation.ToolChoice, cancellationToken),
        };
        return new ChatView(conversation, thread, composer) { IsTitleAwaited = IsTitleAwaited(conversation, thread) };
    }

    private async Task<ChatView?> FindAsync(Guid accountId, Guid id, int take, CancellationToken cancellationToken) =>
        await tree.PageAsync(accountId, id, before: null, take, cancellationToken) is { } page ? await OfAsync(page, cancellationToken) : null;

    // A turn that hasn't begun doesn't know yet: until then the one before it counts.
    private static Omission? OmissionOf(IReadOnlyList<MessageView> newest) => Omission.Of(newest.LastOrDefault(message => message.Turn is { StartedAt: not null })?.Turn);

    private bool IsTitleAwaited(Conversation conversation, ThreadView thread) =>
        conversation.TitleSource == TitleSource.None
        && (titles.IsWriting(conversation.Id)
            || (thread.Messages is [.., { Turn: { State: TurnState.Complete, EndedAt: { } end } }] && clock.GetUtcNow() - end < TitleWait));

    private async Task<ModelRef?> DefaultAsync(Guid accountId, IReadOnlyList<CatalogModel> models, CancellationToken cancellationToken) =>
        await conversations.ModelForNewAsync(accountId, cancellationToken) ?? models.FirstOrDefault()?.Ref;

    private static CatalogModel? Known(IReadOnlyList<CatalogModel> models, ModelRef? model) => models.FirstOrDefault(listed => listed.Ref == model);

    private static ModelChoice? Choice(ModelRef? model, CatalogModel? known) => model is { } chosen ? new ModelChoice(chosen, known?.Name ?? chosen.ModelId) : null;
}
