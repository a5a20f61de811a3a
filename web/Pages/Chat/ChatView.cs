using Calango.Core.Chat;
using Calango.Core.Models;

namespace Calango.Web.Pages.Chat;

/// <summary>The chat page.</summary>
/// <param name="Conversation">Null: a new one.</param>
/// <param name="Thread">The messages.</param>
/// <param name="Composer">The place to write.</param>
public sealed record ChatView(Conversation? Conversation, ThreadView Thread, ComposerView Composer)
{
    /// <summary>A model is writing the title.</summary>
    public bool IsTitleAwaited { get; init; }
}

/// <summary>What a page shows once a turn has ended.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Chat">What stands around it.</param>
public sealed record TurnEndView(MessageItem Answer, ChatView Chat);

/// <summary>What a page shows once a chat was deleted.</summary>
/// <param name="ConversationId">What can be brought back.</param>
/// <param name="Next">What stands in its place.</param>
public sealed record DeletionView(Guid ConversationId, ChatView Next);

/// <summary>A page of a chat's messages, oldest first.</summary>
/// <param name="ConversationId">The chat.</param>
/// <param name="Messages">The messages.</param>
/// <param name="HasOlder">Whether there are more above.</param>
public sealed record ThreadView(Guid ConversationId, IReadOnlyList<MessageView> Messages, bool HasOlder)
{
    /// <summary>Of a chat that doesn't exist yet.</summary>
    public static readonly ThreadView Empty = new(Guid.Empty, [], HasOlder: false);

    /// <summary>There are more below: these are not the newest.</summary>
    public bool HasNewer { get; init; }

    /// <summary>Whether a message is among these.</summary>
    public bool Has(Guid messageId) => Messages.Any(message => message.Message.Id == messageId);

    /// <summary>The turn that is going on.</summary>
    public Turn? Running => Messages is [.., { Turn: { IsRunning: true } running }] ? running : null;

    /// <summary>The messages as they are shown: the one before which older ones left the prompt says so.</summary>
    public IEnumerable<MessageItem> Items
    {
        get
        {
            var last = Messages.LastOrDefault(message => message.Turn is not null)?.Turn;
            return Messages.Select(message => new MessageItem(
                ConversationId, message, message.Message.Id == last?.FirstIncludedId ? last.OmittedMessages : 0));
        }
    }
}

/// <summary>One message of the page.</summary>
/// <param name="ConversationId">The chat.</param>
/// <param name="View">The message.</param>
/// <param name="OmittedBefore">How many messages above it the model no longer saw; 0: it isn't the first that it saw.</param>
public sealed record MessageItem(Guid ConversationId, MessageView View, int OmittedBefore = 0)
{
    /// <summary>The message's id.</summary>
    public Guid Id => View.Message.Id;

    /// <summary>The page has the text already, block by block: what it made of it (a drawing, colours) stays.</summary>
    public bool IsShown { get; init; }

    /// <summary>The message's address.</summary>
    public string Url => $"/chat/{ConversationId}/messages/{Id}";
}

/// <summary>The place to write.</summary>
/// <param name="ConversationId">The chat; null: a new one.</param>
/// <param name="Running">The turn that is going on.</param>
/// <param name="Use">How full the model's window is.</param>
/// <param name="Model">The model that will answer; null: none was chosen.</param>
/// <param name="HasModels">Whether any model can be chosen.</param>
public sealed record ComposerView(Guid? ConversationId, Turn? Running, ContextUse? Use, ModelChoice? Model, bool HasModels)
{
    /// <summary>Where a message is sent.</summary>
    public string Action => ConversationId is { } id ? $"/chat/{id}/messages" : "/messages";
}

/// <summary>A model that was chosen; it may have vanished since.</summary>
/// <param name="Ref">Names it.</param>
/// <param name="Name">For people.</param>
public sealed record ModelChoice(ModelRef Ref, string Name);
