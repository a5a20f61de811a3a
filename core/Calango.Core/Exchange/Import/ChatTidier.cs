using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Core.Knowledge;
using Calango.Core.Models;
using Calango.Core.Tools;

namespace Calango.Core.Exchange;

/// <summary>
/// Makes of a chat that a file says there is one that can be: a tree without cycles, with an order, times that have been, and texts that every database
/// keeps. One that was written here comes out as it is.
/// </summary>
internal static class ChatTidier
{
    private const int LongestName = 300;

    /// <summary>Does it.</summary>
    /// <param name="file">The chat.</param>
    /// <param name="now">No time is later.</param>
    /// <param name="losses">Counts what does not come along.</param>
    public static ChatFile Tidy(ChatFile file, DateTimeOffset now, ImportLosses losses)
    {
        var times = new PastTimes(now, losses);
        var created = times.Of(file.Chat.CreatedAt) ?? now;
        var messages = MessageOrder.Arrange(file.Messages, losses);
        var ids = messages.Select(message => message.Id).ToHashSet();
        var parents = messages.ToDictionary(message => message.Id, message => message.ParentId);
        var tidied = messages.ConvertAll(message => Tidy(message, created, times, losses) with
        {
            SelectedChildId = message.SelectedChildId is { } child && parents.TryGetValue(child, out var parent) && parent == message.Id ? child : null,
        });
        var chat = file.Chat with
        {
            Title = TitleOf(file.Chat.Title),
            CreatedAt = created,
            ActiveAt = times.Of(file.Chat.ActiveAt) ?? created,
            PinnedAt = times.Of(file.Chat.PinnedAt),
            ArchivedAt = times.Of(file.Chat.ArchivedAt),
            Folder = FolderOf(file.Chat.Folder),
            Tags = TagsOf(file.Chat.Tags),
            TitleModel = Name(file.Chat.TitleModel),
            TitleInputTokens = Math.Max(0, file.Chat.TitleInputTokens),
            TitleOutputTokens = Math.Max(0, file.Chat.TitleOutputTokens),
            Model = Model(file.Chat.Model),
            HeadId = file.Chat.HeadId is { } head && ids.Contains(head) ? head : tidied.Count > 0 ? tidied[^1].Id : null,
            Files = Tidy(file.Chat.Files, created, times),
        };
        return new ChatFile(Settled(chat), tidied);
    }

    private static string? TitleOf(string? title)
    {
        var line = MessageText.Beginning(Line(title), Conversation.MaxTitleLength).Trim();
        return line.Length > 0 ? line : null;
    }

    private static List<string>? FolderOf(IReadOnlyList<string>? path)
    {
        var names = path?.Select(name => MessageText.Beginning(Line(name), Folder.MaxNameLength).TrimEnd()).Where(name => name.Length > 0).Take(Folder.MaxDepth).ToList();
        return names is { Count: > 0 } ? names : null;
    }

    private static List<ExchangedTag>? TagsOf(IReadOnlyList<ExchangedTag>? tags)
    {
        var named = tags?.Where(tag => Line(tag?.Name).Length > 0).DistinctBy(tag => Chat.Tags.Accepted(tag.Name).Compared).Take(Tag.Most).ToList();
        return named is { Count: > 0 } ? named : null;
    }

    private static string Line(string? text) => MessageText.Clean(text ?? "").Replace('\n', ' ').Trim();

    // What the settings of a chat may not be, it does not have.
    private static ExchangedChat Settled(ExchangedChat chat)
    {
        chat = chat with { Tools = ToolKeys.Split(ToolKeys.Join(chat.Tools)), Collections = [.. chat.Collections.Distinct()] };
        try
        {
            new ConversationSettings(chat.Temperature, chat.MaxOutputTokens, chat.SystemPrompt, chat.TokenLimit).Validate();
            return chat;
        }
        catch (RejectedException)
        {
            return chat with { Temperature = null, MaxOutputTokens = null, TokenLimit = null, SystemPrompt = chat.SystemPrompt is { } prompt ? MessageText.Beginning(prompt, Conversation.MaxSystemPromptLength) : null };
        }
    }

    private static ExchangedFiles? Tidy(ExchangedFiles? files, DateTimeOffset created, PastTimes times) => files is null ? null : files with
    {
        CreatedAt = times.Of(files.CreatedAt) ?? created,
        Documents =
        [
            .. files.Documents.Where(document => document.Name.Trim().Length > 0).DistinctBy(document => document.Id).DistinctBy(document => document.Name).Select(document => document with
            {
                Name = MessageText.Beginning(document.Name, Document.MaxNameLength),
                Address = document.Address is { Length: <= Source.MaxAddressLength } address && Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? document.Address : null,
                AddedAt = times.Of(document.AddedAt) ?? created,
            }),
        ],
    };

    private static ExchangedMessage Tidy(ExchangedMessage message, DateTimeOffset created, PastTimes times, ImportLosses losses)
    {
        var at = times.Of(message.CreatedAt) ?? created;
        var isAnswer = message.Role == MessageRole.Assistant;
        return message with
        {
            Text = Shortened(message.Text, losses),
            Reasoning = string.IsNullOrEmpty(message.Reasoning) ? null : Shortened(message.Reasoning, losses),
            CreatedAt = at,
            Turn = isAnswer && message.Turn is { } turn ? Tidy(turn, at, times) : null,
            Trace = isAnswer && message.Turn is not null ? message.Trace : null,
            ToolUses = isAnswer && message.Turn is not null ? message.ToolUses?.Select(use => Tidy(use, message.Text.Length, at, times)).ToList() : null,
            Sources = isAnswer && message.Turn is not null ? message.Sources?.Where(source => source.Number > 0).DistinctBy(source => source.Number)
                .Select(source => source with { Document = MessageText.Beginning(source.Document, Document.MaxNameLength) }).ToList() : null,
        };
    }

    private static PastTurn Tidy(PastTurn turn, DateTimeOffset at, PastTimes times) => turn with
    {
        Model = Name(turn.Model) ?? "",
        ModelId = Model(turn.ModelId) ?? "",
        InsteadOf = Name(turn.InsteadOf),
        SearchModel = Name(turn.SearchModel),
        CreatedAt = times.Of(turn.CreatedAt) ?? at,
        StartedAt = times.Of(turn.StartedAt),
        FirstTokenAt = times.Of(turn.FirstTokenAt),
        EndedAt = times.Of(turn.EndedAt) ?? at,
        InputTokens = NotBelowZero(turn.InputTokens),
        OutputTokens = NotBelowZero(turn.OutputTokens),
        ContextTokens = NotBelowZero(turn.ContextTokens),
        ReasoningMilliseconds = NotBelowZero(turn.ReasoningMilliseconds),
        Found = NotBelowZero(turn.Found),
        OmittedMessages = Math.Max(0, turn.OmittedMessages),
        FinishReason = Name(turn.FinishReason),
        Failure = turn.Failure is { Length: <= LongestName } code && code.All(letter => char.IsAsciiLetter(letter) || letter == '.') ? code : null,
        RequestId = Name(turn.RequestId) ?? "",
        Rating = turn.Rating is { } rating ? Tidy(rating, at, times) : null,
    };

    private static PastRating? Tidy(PastRating rating, DateTimeOffset at, PastTimes times)
    {
        try
        {
            var accepted = new Rating(rating.IsGood, rating.Reasons, rating.Comment).Accept();
            return rating with { Comment = accepted.Comment, At = times.Of(rating.At) ?? at };
        }
        catch (RejectedException)
        {
            return null;
        }
    }

    private static PastToolUse Tidy(PastToolUse use, int length, DateTimeOffset at, PastTimes times) => use with
    {
        Offset = Math.Clamp(use.Offset, 0, length),
        Round = Math.Max(0, use.Round),
        CreatedAt = times.Of(use.CreatedAt) ?? at,
        StartedAt = times.Of(use.StartedAt),
        EndedAt = times.Of(use.EndedAt),
    };

    private static string Shortened(string text, ImportLosses losses)
    {
        if (text.Length <= Message.MaxLength)
        {
            return text;
        }

        losses.Note("tooLong");
        return MessageText.Beginning(text, Message.MaxLength);
    }

    private static int? NotBelowZero(int? number) => number is < 0 ? null : number;

    private static string? Name(string? name) => string.IsNullOrWhiteSpace(name) ? null : MessageText.Beginning(name, LongestName);

    private static string? Model(string? id) => id is null ? null : MessageText.Beginning(id, ModelRef.MaxModelIdLength);

    private sealed class PastTimes(DateTimeOffset now, ImportLosses losses)
    {
        private static readonly DateTimeOffset First = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
        private readonly DateTimeOffset _last = now.AddDays(1);

        public DateTimeOffset? Of(DateTimeOffset? at)
        {
            if (at is null || (at >= First && at <= _last))
            {
                return at;
            }

            // Nobody has said one.
            if (at != DateTimeOffset.MinValue)
            {
                losses.Note("time");
            }

            return null;
        }
    }
}
