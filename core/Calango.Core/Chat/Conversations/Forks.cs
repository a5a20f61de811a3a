using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Search;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Chat;

/// <summary>Makes a new chat out of a part of one. Thread-safe.</summary>
public sealed class Forks(Database database, MessageIndex index, TimeProvider clock)
{
    /// <summary>Copies the path up to a message, with how each answer went, into a new chat with the same settings.</summary>
    /// <exception cref="NotFoundException">No such message.</exception>
    public Task<Conversation> ForkAsync(Guid accountId, Guid conversationId, Guid messageId, CancellationToken cancellationToken) =>
        database.WriteAsync(async db =>
        {
            var source = await db.ConversationsOf(accountId).AsNoTracking().SingleOrDefaultAsync(conversation => conversation.Id == conversationId, cancellationToken)
                ?? throw new NotFoundException();
            var path = await MessagePath.UpFromAsync(db, messageId, int.MaxValue, cancellationToken);
            if (path.Count == 0 || path[0].ConversationId != conversationId)
            {
                throw new NotFoundException();
            }

            path.Reverse();
            var ids = path.ConvertAll(message => message.Id);
            var turns = await db.Set<Turn>().AsNoTracking().Where(turn => ids.Contains(turn.Id) && turn.State >= TurnState.Complete)
                .ToDictionaryAsync(turn => turn.Id, cancellationToken);
            var fork = CopyOf(source, path.Count);
            db.Add(fork);
            var copies = new List<Message>();
            Guid? parent = null;
            foreach (var original in path)
            {
                var copy = CopyOf(original, fork, parent);
                db.Add(copy);
                copies.Add(copy);
                if (turns.TryGetValue(original.Id, out var turn))
                {
                    db.Add(turn.CopyFor(copy, parent!.Value));
                }

                parent = fork.HeadId = copy.Id;
            }

            await db.SaveChangesAsync(cancellationToken);
            if (source.HadTools)
            {
                var uses = await ToolUses.OfAsync(db, ids, cancellationToken);
                db.AddRange(path.Zip(copies).SelectMany(pair => uses[pair.First.Id].Select(use => use.CopyFor(pair.Second.Id))));
                await db.SaveChangesAsync(cancellationToken);
            }

            if (turns.Values.Any(turn => turn.Sources > 0))
            {
                var sources = await TurnSources.OfAsync(db, ids, cancellationToken);
                db.AddRange(path.Zip(copies).SelectMany(pair => sources[pair.First.Id].Select(source => source.CopyFor(pair.Second.Id))));
                await db.SaveChangesAsync(cancellationToken);
            }

            if (source.HasPictures)
            {
                var pictures = await QuestionPictures.OfAsync(db, ids, cancellationToken);
                db.AddRange(path.Zip(copies).SelectMany(pair => pictures[pair.First.Id].Select(picture => picture.CopyFor(fork.Id, pair.Second.Id))));
                await db.SaveChangesAsync(cancellationToken);
            }

            foreach (var copy in db.ChangeTracker.Entries<Message>().Select(entry => entry.Entity).ToList())
            {
                await index.AddAsync(db, new IndexedText(copy.Id, fork.Id, accountId, copy.Text), cancellationToken);
            }

            if (fork.Title is { } title)
            {
                await index.ReplaceTitleAsync(db, fork.Id, accountId, title, cancellationToken);
            }

            return fork;
        }, cancellationToken);

    private Conversation CopyOf(Conversation source, int messages)
    {
        var now = clock.GetUtcNow();
        return new Conversation
        {
            Id = Guid.CreateVersion7(now),
            AccountId = source.AccountId,
            Title = source.Title,
            TitleSource = source.TitleSource,
            ConnectionId = source.ConnectionId,
            ModelId = source.ModelId,
            Temperature = source.Temperature,
            MaxOutputTokens = source.MaxOutputTokens,
            SystemPrompt = source.SystemPrompt,
            TokenLimit = source.TokenLimit,
            IsImpersonal = source.IsImpersonal,
            ChosenTools = source.ChosenTools,
            ChosenCollections = source.ChosenCollections,
            HasPictures = source.HasPictures,
            HadTools = source.HadTools,
            FolderId = source.FolderId,
            LastSequence = messages,
            CreatedAt = now,
            ActiveAt = now,
        };
    }

    private static Message CopyOf(Message source, Conversation fork, Guid? parent) => new()
    {
        Id = Guid.CreateVersion7(),
        ConversationId = fork.Id,
        ParentId = parent,
        Sequence = source.Depth,
        Depth = source.Depth,
        Role = source.Role,
        Text = source.Text,
        Reasoning = source.Reasoning,
        Tokens = source.Tokens,
        Edited = source.Edited,
        CreatedAt = source.CreatedAt,
    };
}
