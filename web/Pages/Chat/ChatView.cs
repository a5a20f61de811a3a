using Calango.Core.Chat;
using Calango.Core.Knowledge;
using Calango.Core.Models;
using Calango.Core.Tools;

namespace Calango.Web.Pages.Chat;

/// <summary>The chat page.</summary>
/// <param name="Conversation">Null: a new one.</param>
/// <param name="Thread">The messages.</param>
/// <param name="Composer">The place to write.</param>
public sealed record ChatView(Conversation? Conversation, ThreadView Thread, ComposerView Composer)
{
    /// <summary>A model is writing the title.</summary>
    public bool IsTitleAwaited { get; init; }

    /// <summary>The folder that a new one will lie in; null: in none.</summary>
    public Folder? Folder { get; init; }
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

    /// <summary>What the model no longer saw of the chat in its last turn.</summary>
    public Omission? Omission { get; init; }

    /// <summary>Whether a message is among these.</summary>
    public bool Has(Guid messageId) => Messages.Any(message => message.Message.Id == messageId);

    /// <summary>The turn that is going on.</summary>
    public Turn? Running => Messages is [.., { Turn: { IsRunning: true } running }] ? running : null;

    /// <summary>The messages as they are shown.</summary>
    public IEnumerable<MessageItem> Items => Messages.Select(message => new MessageItem(ConversationId, message));
}

/// <summary>The oldest messages, which a turn's prompt had no room for.</summary>
/// <param name="Before">The first that it had.</param>
/// <param name="Messages">How many it had not.</param>
public sealed record Omission(Guid Before, int Messages)
{
    /// <summary>That of a turn; null: it had room for all, or isn't there.</summary>
    public static Omission? Of(Turn? turn) => turn is { FirstIncludedId: { } first, OmittedMessages: > 0 and var count } ? new Omission(first, count) : null;
}

/// <summary>One message of the page.</summary>
/// <param name="ConversationId">The chat.</param>
/// <param name="View">The message.</param>
public sealed record MessageItem(Guid ConversationId, MessageView View)
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
    /// <summary>An old part of the chat is shown: what is sent would stand far from where it belongs, so all is shown anew.</summary>
    public bool IsFarFromEnd { get; init; }

    /// <summary>How many tools, or servers of tools, the chat may use.</summary>
    public int Tools { get; init; }

    /// <summary>How many collections its turns look in.</summary>
    public int Collections { get; init; }

    /// <summary>The servers among them that need something which the person has not entered.</summary>
    public IReadOnlyList<PersonalServer> Lacking { get; init; } = [];

    /// <summary>How a new chat will run.</summary>
    public SettingsForm Settings { get; init; } = new();

    /// <summary>The documents that belong to the chat alone.</summary>
    public IReadOnlyList<Document> Documents { get; init; } = [];

    /// <summary>The pictures that wait for the next question.</summary>
    public IReadOnlyList<ChatPicture> Pictures { get; init; } = [];

    /// <summary>The name of the chosen model, where pictures wait and it is known that it sees none; null: it may.</summary>
    public string? BlindModel { get; init; }

    /// <summary>Why files were not taken, one line each.</summary>
    public IReadOnlyList<string> Refusals { get; init; } = [];

    /// <summary>Where files are sent.</summary>
    public string AttachmentsUrl => $"/chat/{ConversationId?.ToString() ?? "new"}/attachments";

    /// <summary>A document is being read.</summary>
    public bool IsReading => Documents.Any(document => document.IsUnderWay);

    /// <summary>What was written already; null: nothing.</summary>
    public string? Draft { get; init; }

    /// <summary>Where a message is sent.</summary>
    public string Action => ConversationId is { } id ? $"/chat/{id}/messages{(IsFarFromEnd ? "?whole=true" : "")}" : "/messages";
}

/// <summary>A model that was chosen; it may have vanished since.</summary>
/// <param name="Ref">Names it.</param>
/// <param name="Name">For people.</param>
public sealed record ModelChoice(ModelRef Ref, string Name);
