using Calango.Core.Chat;
using Calango.Core.Data;
using Calango.Core.Models;
using Calango.Core.Search;

namespace Calango.Core.Sharing;

/// <summary>Makes a chat of one's own out of one that somebody else shares. Thread-safe.</summary>
public sealed class SharedCopies(Database database, MessageIndex index, TimeProvider clock)
{
    /// <summary>Copies what is shared, and no more, into a new chat; it goes on with the model of new chats.</summary>
    /// <param name="accountId">Whose the new chat is.</param>
    /// <param name="chat">What is shared.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The new chat's id.</returns>
    public Task<Guid> CopyAsync(Guid accountId, SharedChat chat, CancellationToken cancellationToken) => database.WriteAsync(
        async db =>
        {
            var now = clock.GetUtcNow();
            var copy = await Conversations.AddAsync(db, accountId, model: null, settings: null, folderId: null, now, cancellationToken);
            (copy.Title, copy.TitleSource) = (chat.Title, chat.Title is null ? TitleSource.None : TitleSource.Person);
            var rows = new List<Message>();
            foreach (var message in chat.Messages)
            {
                var row = Of(message, copy, now);
                db.Add(row);
                rows.Add(row);
                if (message is { Role: MessageRole.Assistant, Model: { } model })
                {
                    db.Add(Turn.Of(TurnOf(message, model, now), accountId, row));
                }
            }

            await db.SaveChangesAsync(cancellationToken);
            foreach (var row in rows)
            {
                await index.AddAsync(db, new IndexedText(row.Id, copy.Id, accountId, row.Text), cancellationToken);
            }

            if (copy.Title is { } title)
            {
                await index.ReplaceTitleAsync(db, copy.Id, accountId, title, cancellationToken);
            }

            return copy.Id;
        },
        cancellationToken);

    private static Message Of(SharedMessage message, Conversation copy, DateTimeOffset now)
    {
        var row = new Message
        {
            Id = Guid.CreateVersion7(now),
            ConversationId = copy.Id,
            ParentId = copy.HeadId,
            Sequence = ++copy.LastSequence,
            Depth = (int)copy.LastSequence,
            Role = message.Role,
            Text = message.Text,
            Tokens = TokenEstimate.Of(message.Text),
            Edited = message is { Role: MessageRole.Assistant, Model: null },
            CreatedAt = now,
        };
        copy.HeadId = row.Id;
        return row;
    }

    // No connection of this person's has answered.
    private static PastTurn TurnOf(SharedMessage message, string model, DateTimeOffset now) =>
        new(message.IsUnfinished || message.Text.Length == 0 ? TurnState.Interrupted : TurnState.Complete, model, model.Length == 0 ? QuotedAnswer.Model.ModelId : model[..Math.Min(model.Length, ModelRef.MaxModelIdLength)], QuotedAnswer.Model.ConnectionId, now)
        {
            EndedAt = now,
        };
}
