using Calango.Core.Chat;

namespace Calango.Web.Api.Chats;

// What /api answers. Members only come along: a program that knows today's goes on working.

/// <summary>A part of a list.</summary>
/// <param name="Items">What is in it.</param>
/// <param name="Next">Given as <c>after</c> it leads to the next part; null: this is the last.</param>
internal sealed record ApiPage<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>For whom a token speaks.</summary>
/// <param name="Id">The account.</param>
/// <param name="Name">How they are called; empty on a laptop.</param>
/// <param name="Scopes">What the token may be used for.</param>
internal sealed record ApiMe(Guid Id, string Name, IReadOnlyList<string> Scopes);

/// <summary>A chat in a list.</summary>
/// <param name="Id">The chat.</param>
/// <param name="Title">Null: it has none yet.</param>
/// <param name="ActiveAt">When somebody last wrote in it.</param>
/// <param name="IsRunning">An answer is being written.</param>
/// <param name="IsPinned">It stands above the others.</param>
/// <param name="IsArchived">It is put away, until somebody writes in it.</param>
/// <param name="FolderId">The folder that it lies in; null: in none.</param>
internal sealed record ApiChatItem(Guid Id, string? Title, DateTimeOffset ActiveAt, bool IsRunning, bool IsPinned, bool IsArchived, Guid? FolderId)
{
    public static ApiChatItem Of(ConversationItem item) => new(item.Id, item.Title, item.ActiveAt, item.Running, item.IsPinned, item.IsArchived, item.FolderId);
}

/// <summary>A chat.</summary>
/// <param name="Id">The chat.</param>
/// <param name="Title">Null: it has none yet.</param>
/// <param name="CreatedAt">When it was begun.</param>
/// <param name="ActiveAt">When somebody last wrote in it.</param>
/// <param name="Model">The model of its next turn, as its service names it; null: none is chosen.</param>
/// <param name="SystemPrompt">Goes before every prompt; null: nothing does.</param>
/// <param name="Temperature">The sampling temperature; null: the service's own.</param>
/// <param name="MaxOutputTokens">The longest answer, in tokens; null: the service's own.</param>
/// <param name="IsPinned">It stands above the others.</param>
/// <param name="IsArchived">It is put away, until somebody writes in it.</param>
/// <param name="FolderId">The folder that it lies in; null: in none.</param>
/// <param name="Tags">The ids of its tags.</param>
internal sealed record ApiChat(
    Guid Id, string? Title, DateTimeOffset CreatedAt, DateTimeOffset ActiveAt, string? Model, string? SystemPrompt, double? Temperature, int? MaxOutputTokens, bool IsPinned, bool IsArchived,
    Guid? FolderId, IReadOnlyList<Guid> Tags)
{
    public static ApiChat Of(Conversation chat, IEnumerable<Tag> tags) =>
        new(chat.Id, chat.Title, chat.CreatedAt, chat.ActiveAt, chat.ModelId, chat.SystemPrompt, chat.Temperature, chat.MaxOutputTokens, chat.PinnedAt is not null, chat.ArchivedAt is not null,
            chat.FolderId, [.. tags.Select(tag => tag.Id)]);
}

/// <summary>A message.</summary>
/// <param name="Id">The message; of an answer, it names its turn as well.</param>
/// <param name="ParentId">The one that it follows; null: it is the first.</param>
/// <param name="Role"><c>user</c> or <c>assistant</c>.</param>
/// <param name="Text">As it was written, in Markdown.</param>
/// <param name="Reasoning">What the model thought first; null: it said nothing of that.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Siblings">The messages that stand in the same place, itself among them, the oldest first.</param>
/// <param name="Turn">How an answer was made; null: it is a question, or somebody wrote it by hand.</param>
internal sealed record ApiMessage(Guid Id, Guid? ParentId, string Role, string Text, string? Reasoning, DateTimeOffset CreatedAt, IReadOnlyList<Guid> Siblings, ApiTurn? Turn)
{
    public static ApiMessage Of(MessageView view) => new(
        view.Message.Id, view.Message.ParentId, view.Message.Role == MessageRole.User ? "user" : "assistant", view.Message.Text, view.Message.Reasoning,
        view.Message.CreatedAt, view.Siblings, view.Turn is { } turn ? ApiTurn.Of(turn) : null);
}

/// <summary>How an answer is made, or was.</summary>
/// <param name="Id">The turn, and its answer's message.</param>
/// <param name="ChatId">The chat.</param>
/// <param name="State"><c>queued</c>, <c>running</c>, <c>complete</c>, <c>stopped</c>, <c>failed</c> or <c>interrupted</c>.</param>
/// <param name="Model">The model that answers.</param>
/// <param name="InputTokens">Tokens of the prompt; null: not known yet.</param>
/// <param name="OutputTokens">Tokens of the answer; null: not known yet.</param>
/// <param name="TokensEstimated">The service did not count.</param>
/// <param name="CostUsd">In US dollars; null: no price is known.</param>
/// <param name="FinishReason">Why the model stopped, in its service's words.</param>
/// <param name="FailureCode">Why it did not end well; null: it did, or has not ended.</param>
/// <param name="CreatedAt">When it was asked.</param>
/// <param name="EndedAt">When it ended; null: it has not.</param>
/// <param name="Rating">What its owner thinks of the answer; null: they have not said.</param>
internal sealed record ApiTurn(
    Guid Id, Guid ChatId, string State, string Model, int? InputTokens, int? OutputTokens, bool TokensEstimated, decimal? CostUsd, string? FinishReason, string? FailureCode, DateTimeOffset CreatedAt, DateTimeOffset? EndedAt, ApiRating? Rating)
{
    private const decimal NanoUsd = 1_000_000_000m;

    public static ApiTurn Of(Turn turn) => new(
        turn.Id, turn.ConversationId, System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(turn.State.ToString()), turn.ModelName, turn.InputTokens, turn.OutputTokens, turn.TokensEstimated,
        turn.CostNanoUsd / NanoUsd, turn.FinishReason, turn.FailureCode, turn.CreatedAt, turn.EndedAt, ApiRating.Of(turn));
}

/// <summary>What somebody thinks of an answer.</summary>
/// <param name="Good">It helped.</param>
/// <param name="Reasons">Why. Good: <c>correct</c>, <c>complete</c>, <c>clear</c>; bad: <c>wrong</c>, <c>incomplete</c>, <c>notAsAsked</c>, <c>tooLong</c>, <c>unclear</c>, <c>harmful</c>.</param>
/// <param name="Comment">In words; empty: none.</param>
internal sealed record ApiRating(bool Good, IReadOnlyList<string> Reasons, string Comment)
{
    public static ApiRating? Of(Turn turn) => turn.IsGood is { } good
        ? new(good, [.. Calango.Core.Chat.Rating.ReasonsFor(good).Where(reason => turn.RatingReasons.HasFlag(reason)).Select(reason => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName($"{reason}"))], turn.RatingComment ?? "")
        : null;
}

/// <summary>A turn, with as much of its answer as there is.</summary>
/// <param name="Turn">How it stands.</param>
/// <param name="Text">The answer so far.</param>
/// <param name="Reasoning">What the model thought so far; null: it said nothing of that.</param>
internal sealed record ApiTurnAnswer(ApiTurn Turn, string Text, string? Reasoning);

/// <summary>A message, or a title, that fits a search.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="MessageId">The message; null: the title fits.</param>
/// <param name="Title">The chat's title; null: it has none yet.</param>
/// <param name="Snippet">Plain text around the best match.</param>
/// <param name="At">When the message was made, or somebody last wrote in the chat.</param>
/// <param name="ByMeaning">It has none of the words, and says the same in others: for whoever has chats searched by meaning.</param>
/// <param name="IsArchived">The chat is put away.</param>
internal sealed record ApiHit(Guid ChatId, Guid? MessageId, string? Title, string Snippet, DateTimeOffset At, bool ByMeaning, bool IsArchived);

/// <summary>A message to be sent.</summary>
/// <param name="Text">The question.</param>
/// <param name="ChatId">The chat; null: a new one is begun.</param>
/// <param name="Model">The model, as <c>/v1/models</c> names it; null: the chat's, or the last one chosen.</param>
/// <param name="Id">Made by the program, once a message: sent again it is the same turn. Null: it will not be sent again.</param>
/// <param name="SystemPrompt">Of a new chat.</param>
/// <param name="Temperature">Of a new chat, 0 to 2.</param>
/// <param name="MaxOutputTokens">Of a new chat.</param>
internal sealed record ApiNewMessage(string Text, Guid? ChatId, string? Model, Guid? Id, string? SystemPrompt, double? Temperature, int? MaxOutputTokens);

/// <summary>What is to change in a chat: what is left out stays as it is.</summary>
/// <param name="Title">Its new title.</param>
/// <param name="IsPinned">Whether it stands above the others.</param>
/// <param name="IsArchived">Whether it is put away.</param>
/// <param name="FolderId">The folder that it is to lie in; null: in none.</param>
/// <param name="Tags">The ids of all the tags that it is to have.</param>
internal sealed record ApiChatChange(string? Title, bool? IsPinned, bool? IsArchived, Guid? FolderId, IReadOnlyList<Guid>? Tags);

/// <summary>What somebody wants each model to know of them.</summary>
/// <param name="Instructions">How they want to be answered; empty: they have not said.</param>
/// <param name="Facts">The oldest first.</param>
internal sealed record ApiPersonal(string Instructions, IReadOnlyList<ApiFact> Facts);

/// <summary>A fact that each model is to know.</summary>
/// <param name="Id">The fact.</param>
/// <param name="Text">What it says.</param>
/// <param name="CreatedAt">When it was written first.</param>
internal sealed record ApiFact(Guid Id, string Text, DateTimeOffset CreatedAt)
{
    public static ApiFact Of(PersonalNote note) => new(note.Id, note.Text, note.CreatedAt);
}

/// <summary>The instructions, to be written anew.</summary>
/// <param name="Instructions">Empty: there are none any more.</param>
internal sealed record ApiInstructions(string Instructions);

/// <summary>A fact, to be written.</summary>
/// <param name="Text">What it says, on one line.</param>
internal sealed record ApiFactText(string Text);
