using System.Text.Encodings.Web;
using System.Text.Json;
using Calango.Core.Chat;
using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Models;
using Calango.Core.Search;
using Calango.Core.Tools;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Exchange;

/// <summary>Writes the rows of chats that come from elsewhere, inside units of work. Thread-safe.</summary>
internal sealed class ChatRows(MessageIndex index)
{
    private static readonly JsonSerializerOptions Plain = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Adds a chat without its messages, which nobody sees.</summary>
    public async Task AddChatAsync(CalangoDb db, Guid accountId, ChatFile file, CancellationToken cancellationToken)
    {
        var chat = file.Chat;
        var tools = ToolKeys.Join(chat.Tools);
        db.Add(new Conversation
        {
            Id = chat.Id,
            AccountId = accountId,
            Title = chat.Title,
            TitleSource = chat.TitleSource,
            TitleModelName = chat.TitleModel,
            TitleInputTokens = chat.TitleInputTokens,
            TitleOutputTokens = chat.TitleOutputTokens,
            TitleCostNanoUsd = chat.TitleCostNanoUsd,
            ConnectionId = chat.ConnectionId,
            ModelId = chat.Model,
            SystemPrompt = chat.SystemPrompt,
            Temperature = chat.Temperature,
            MaxOutputTokens = chat.MaxOutputTokens,
            TokenLimit = chat.TokenLimit,
            KeepsAnswers = chat.KeepsAnswers,
            IsImpersonal = chat.IsImpersonal,
            ChosenTools = tools,
            ChosenCollections = string.Join('\n', chat.Collections),
            HadTools = tools.Length > 0 || file.Messages.Any(message => message.ToolUses is not null),
            LastSequence = file.Messages.Count > 0 ? file.Messages[^1].Sequence : 0,
            CreatedAt = chat.CreatedAt,
            ActiveAt = chat.ActiveAt,
            ArchivedAt = chat.ArchivedAt,
            DeletedAt = Conversation.BeyondRestoring,
        });
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Adds messages.</summary>
    /// <param name="db">The unit of work.</param>
    /// <param name="accountId">Whose the chat is.</param>
    /// <param name="chatId">The chat.</param>
    /// <param name="messages">They, each after the one that it follows.</param>
    /// <param name="depths">How deep those are that are there; these join them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task AddMessagesAsync(CalangoDb db, Guid accountId, Guid chatId, IReadOnlyList<ExchangedMessage> messages, Dictionary<Guid, int> depths, CancellationToken cancellationToken)
    {
        var added = new List<Message>();
        foreach (var message in messages)
        {
            depths[message.Id] = message.ParentId is { } parent ? depths.GetValueOrDefault(parent) + 1 : 1;
            added.Add(Add(db, accountId, chatId, message, depths[message.Id]));
        }

        await db.SaveChangesAsync(cancellationToken);
        foreach (var message in added)
        {
            await index.AddAsync(db, new IndexedText(message.Id, chatId, accountId, message.Text), cancellationToken);
        }
    }

    /// <summary>Makes a chat visible.</summary>
    /// <exception cref="NotFoundException">It was cleaned up meanwhile.</exception>
    public async Task ShowAsync(CalangoDb db, Guid accountId, ExchangedChat chat, CancellationToken cancellationToken)
    {
        if (await db.Set<Conversation>().Where(row => row.Id == chat.Id && row.AccountId == accountId && row.DeletedAt == Conversation.BeyondRestoring).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.DeletedAt, (DateTimeOffset?)null).SetProperty(row => row.HeadId, chat.HeadId), cancellationToken) == 0)
        {
            throw new NotFoundException();
        }

        if (chat.Title is { } title)
        {
            await index.ReplaceTitleAsync(db, chat.Id, accountId, title, cancellationToken);
        }
    }

    private static Message Add(CalangoDb db, Guid accountId, Guid chatId, ExchangedMessage message, int depth)
    {
        var uses = message.ToolUses?.Select((use, position) => ToolUse.Of(use, message.Id, position)).ToList() ?? [];
        var row = new Message
        {
            Id = message.Id,
            ConversationId = chatId,
            ParentId = message.ParentId,
            Sequence = message.Sequence,
            Depth = depth,
            Role = message.Role,
            Text = message.Text,
            Reasoning = message.Reasoning,
            Tokens = TokenEstimate.Of(message.Text) + uses.Sum(ToolUses.TokensOf),
            SelectedChildId = message.SelectedChildId,
            Edited = message.Edited,
            CreatedAt = message.CreatedAt,
        };
        db.Add(row);
        if (message.Turn is not { } turn)
        {
            return row;
        }

        db.Add(Turn.Of(turn, accountId, row));
        db.AddRange(uses);
        db.AddRange((message.Sources ?? []).Select(source => source.For(message.Id)));
        if (message.Trace is { } trace)
        {
            db.Add(new TurnTrace
            {
                Id = message.Id,
                Prompt = JsonSerializer.Serialize(trace.Prompt, Plain),
                Parameters = JsonSerializer.Serialize(trace.Parameters, Plain),
                Attempts = JsonSerializer.Serialize(trace.Attempts, Plain),
            });
        }

        return row;
    }
}
