using System.Text.Json;
using Calango.Core.Chat;
using Calango.Core.Data;
using Calango.Core.Knowledge;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Exchange;

/// <summary>Writes a chat down as <see cref="ChatFile"/> says, a few messages at a time, so it may be larger than the memory. Thread-safe.</summary>
internal sealed class ChatWriter(Database database)
{
    private const int MessagesAtOnce = 20;

    /// <summary>Writes it. What changes meanwhile is in it as it was or as it is.</summary>
    /// <param name="chat">The chat.</param>
    /// <param name="places">Where the documents of the archive are in it, by their ids.</param>
    /// <param name="file">Where to.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task WriteAsync(Conversation chat, IReadOnlyDictionary<Guid, string?> places, StreamedJson file, CancellationToken cancellationToken)
    {
        file.Writer.WriteStartObject();
        file.Writer.WriteString("schema", ChatFile.Schema);
        file.Writer.WriteNumber("version", ChatFile.Version);
        file.Writer.WritePropertyName("chat");
        var written = ExchangedChat.Of(chat, await FilesAsync(chat.Id, places, cancellationToken));
        file.Write(await database.ReadAsync(db => written.WithOrderAsync(db, chat, cancellationToken), cancellationToken));
        file.Writer.WriteStartArray("messages");
        var last = 0L;
        while (await MessagesAsync(chat.Id, last, cancellationToken) is { Count: > 0 } messages)
        {
            messages.ForEach(file.Write);
            last = messages[^1].Sequence;
            await file.FlushAsync(cancellationToken);
        }

        file.Writer.WriteEndArray();
        file.Writer.WriteEndObject();
        await file.FlushAsync(cancellationToken);
    }

    /// <summary>The documents that are a chat's own, in their order.</summary>
    public Task<List<Document>> DocumentsAsync(Guid chatId, CancellationToken cancellationToken) => database.ReadAsync(
        db => db.Set<Document>()
            .Where(document => document.State != DocumentState.Removing && db.Set<Collection>().Any(collection => collection.Id == document.CollectionId && collection.ConversationId == chatId))
            .OrderBy(document => document.Id).ToListAsync(cancellationToken),
        cancellationToken);

    private async Task<ExchangedFiles?> FilesAsync(Guid chatId, IReadOnlyDictionary<Guid, string?> places, CancellationToken cancellationToken)
    {
        if (await DocumentsAsync(chatId, cancellationToken) is not { Count: > 0 } documents)
        {
            return null;
        }

        var collection = await database.ReadAsync(db => db.Set<Collection>().SingleAsync(collection => collection.ConversationId == chatId, cancellationToken), cancellationToken);
        return new ExchangedFiles(
            collection.Id, collection.CreatedAt,
            [.. documents.Select(document => new ExchangedFile(document.Id, document.Name, document.AddedAt, document.Length, document.Sha256, places.GetValueOrDefault(document.Id)) { Address = document.Address })]);
    }

    private Task<List<ExchangedMessage>> MessagesAsync(Guid chatId, long after, CancellationToken cancellationToken) => database.ReadAsync(
        async db =>
        {
            var messages = await db.Set<Message>().Where(message => message.ConversationId == chatId && message.Sequence > after)
                .OrderBy(message => message.Sequence).Take(MessagesAtOnce).ToListAsync(cancellationToken);
            var ids = messages.ConvertAll(message => message.Id);
            var turns = await db.Set<Turn>().Where(turn => ids.Contains(turn.Id)).ToDictionaryAsync(turn => turn.Id, cancellationToken);
            var traces = await db.Set<TurnTrace>().Where(trace => ids.Contains(trace.Id)).ToDictionaryAsync(trace => trace.Id, cancellationToken);
            var uses = await ToolUses.OfAsync(db, ids, cancellationToken);
            var sources = await TurnSources.OfAsync(db, ids, cancellationToken);
            return messages.ConvertAll(message => new ExchangedMessage(message.Id, message.ParentId, message.Sequence, message.Role, message.Text, message.CreatedAt)
            {
                Reasoning = message.Reasoning,
                Edited = message.Edited,
                SelectedChildId = message.SelectedChildId,
                Turn = turns.TryGetValue(message.Id, out var turn) ? PastTurn.Of(turn) : null,
                Trace = traces.TryGetValue(message.Id, out var trace) ? TraceOf(trace) : null,
                ToolUses = uses[message.Id].Select(PastToolUse.Of).ToList() is { Count: > 0 } used ? used : null,
                Sources = sources[message.Id].OrderBy(source => source.Number).Select(ExchangedSource.Of).ToList() is { Count: > 0 } given ? given : null,
            });
        },
        cancellationToken);

    private static ExchangedTrace TraceOf(TurnTrace trace) => new(
        JsonSerializer.Deserialize<List<TracedMessage>>(trace.Prompt, JsonSerializerOptions.Web) ?? [],
        JsonSerializer.Deserialize<TracedParameters>(trace.Parameters, JsonSerializerOptions.Web) ?? new TracedParameters(null, null, null),
        JsonSerializer.Deserialize<List<TracedAttempt>>(trace.Attempts, JsonSerializerOptions.Web) ?? []);
}
