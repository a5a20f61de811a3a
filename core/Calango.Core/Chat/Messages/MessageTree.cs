using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Models;
using Calango.Core.Search;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Chat;

/// <summary>The messages of a chat as they are shown: one path through the tree, with a choice wherever it forks. Thread-safe.</summary>
public sealed class MessageTree(Database database, TurnsRunning running, MessageIndex index, TimeProvider clock)
{
    private static readonly CompiledQuery<Func<CalangoDb, Guid, IAsyncEnumerable<Guid>>> Children = new(() => EF.CompileAsyncQuery(
        (CalangoDb db, Guid parentId) => db.Set<Message>().Where(message => message.ParentId == parentId).OrderBy(message => message.Sequence).Select(message => message.Id)));

    /// <summary>
    /// The newest messages of the shown path, or those before <paramref name="before"/>: at most <paramref name="take"/>,
    /// oldest first. Null: no such chat.
    /// </summary>
    public Task<PathPage?> PageAsync(Guid accountId, Guid conversationId, Guid? before, int take, CancellationToken cancellationToken) => PageAsync(
        accountId,
        conversationId,
        async (db, conversation) => before is { } id ? (await FindMessageAsync(db, conversationId, id, cancellationToken)).ParentId : conversation.HeadId,
        take,
        cancellationToken);

    /// <summary>At most <paramref name="take"/> messages of the path through one, of which at most <paramref name="below"/> follow it. Null: no such chat.</summary>
    /// <exception cref="NotFoundException">No such message.</exception>
    public Task<PathPage?> PageAroundAsync(Guid accountId, Guid conversationId, Guid messageId, int below, int take, CancellationToken cancellationToken) => PageAsync(
        accountId,
        conversationId,
        async (db, _) => await MessagePath.DownFromAsync(
            db, (await FindMessageAsync(db, conversationId, messageId, cancellationToken)).Id, below, cancellationToken),
        take,
        cancellationToken);

    /// <summary>One message; null: no such.</summary>
    public Task<MessageView?> FindAsync(Guid accountId, Guid conversationId, Guid messageId, CancellationToken cancellationToken) =>
        database.ReadAsync(async db =>
        {
            var message = await db.Set<Message>().SingleOrDefaultAsync(
                message => message.Id == messageId && message.ConversationId == conversationId
                    && db.Set<Conversation>().Any(c => c.Id == conversationId && c.AccountId == accountId && c.DeletedAt == null),
                cancellationToken);
            return message is null ? null : (await ViewAsync(db, conversationId, [message], hadTools: true, hasPictures: true, cancellationToken))[0];
        }, cancellationToken);

    /// <summary>All answers to a question, in order; empty: there is no such question, or it has none.</summary>
    public Task<IReadOnlyList<MessageView>> AnswersAsync(Guid accountId, Guid conversationId, Guid questionId, CancellationToken cancellationToken) =>
        database.ReadAsync(async db =>
        {
            var answers = await db.Set<Message>().Where(message => message.ParentId == questionId && message.ConversationId == conversationId && message.Role == MessageRole.Assistant
                    && db.Set<Conversation>().Any(c => c.Id == conversationId && c.AccountId == accountId && c.DeletedAt == null))
                .OrderBy(message => message.Sequence).ToListAsync(cancellationToken);
            return await ViewAsync(db, conversationId, answers, hadTools: true, hasPictures: false, cancellationToken);
        }, cancellationToken);

    /// <summary>The answer of a turn that has ended, alone, with the chat as it is now; null: its chat or branch was deleted.</summary>
    public Task<PathPage?> EndedAsync(Guid accountId, Guid conversationId, Guid turnId, CancellationToken cancellationToken) =>
        database.ReadAsync(async db =>
        {
            var conversation = await db.FindConversationAsync(accountId, conversationId, cancellationToken);
            if (conversation is null)
            {
                return null;
            }

            // Where it ran here all is known but the answers beside it.
            if (running.Find(turnId) is { Ended.IsCompleted: true } run && run.Turn.ConversationId == conversationId)
            {
                var answers = await Children.For(db)(db, run.Question.Id).ToListAsync(cancellationToken);
                return answers.Contains(turnId) ? new PathPage(conversation, [new MessageView(run.AnswerSoFar(), run.Turn, answers, 0) { Uses = run.Log.Uses, Sources = run.Sources ?? [] }], HasOlder: true) : null;
            }

            var answer = await db.Set<Message>().SingleOrDefaultAsync(message => message.Id == turnId && message.ConversationId == conversationId, cancellationToken);
            return answer is null ? null : new PathPage(conversation, await ViewAsync(db, conversationId, [answer], conversation.HadTools, hasPictures: false, cancellationToken), HasOlder: true);
        }, cancellationToken);

    /// <summary>Makes a message part of the shown path, which goes on below it as it did when it was last shown.</summary>
    /// <exception cref="NotFoundException">No such message.</exception>
    public Task ShowAsync(Guid accountId, Guid conversationId, Guid messageId, CancellationToken cancellationToken) =>
        database.WriteAsync(async db =>
        {
            var conversation = await db.HoldConversationAsync(accountId, conversationId, cancellationToken);
            await FindMessageAsync(db, conversationId, messageId, cancellationToken);
            await MessagePath.RememberAsync(db, messageId, cancellationToken);
            conversation.HeadId = await MessagePath.LeafUnderAsync(db, messageId, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
        }, cancellationToken);

    /// <summary>Rewrites an answer: a sibling with the new text is made and shown. Returns its id.</summary>
    /// <exception cref="RejectedException"><c>message.empty</c>, <c>message.tooLong</c> or <c>chat.busy</c>.</exception>
    /// <exception cref="NotFoundException">No such answer.</exception>
    public Task<Guid> EditAnswerAsync(Guid accountId, Guid conversationId, Guid answerId, string text, CancellationToken cancellationToken)
    {
        text = MessageText.Accept(text);
        return database.WriteAsync(async db =>
        {
            var conversation = await db.HoldIdleConversationAsync(accountId, conversationId, cancellationToken);
            var answer = await FindMessageAsync(db, conversationId, answerId, cancellationToken);
            if (answer.Role != MessageRole.Assistant)
            {
                throw new NotFoundException();
            }

            var now = clock.GetUtcNow();
            var edited = new Message
            {
                Id = Guid.CreateVersion7(now),
                ConversationId = conversationId,
                ParentId = answer.ParentId,
                Sequence = ++conversation.LastSequence,
                Depth = answer.Depth,
                Role = MessageRole.Assistant,
                Text = text,
                Tokens = TokenEstimate.Of(text),
                Edited = true,
                CreatedAt = now,
            };
            db.Add(edited);
            conversation.HeadId = edited.Id;
            await db.SaveChangesAsync(cancellationToken);
            await MessagePath.RememberAsync(db, edited.Id, cancellationToken);
            await index.AddAsync(db, new IndexedText(edited.Id, conversationId, accountId, text), cancellationToken);
            return edited.Id;
        }, cancellationToken);
    }

    /// <summary>Deletes a message and all that hangs from it. A sibling is shown then, or the chat ends at its parent.</summary>
    /// <exception cref="NotFoundException">No such message.</exception>
    public async Task DeleteAsync(Guid accountId, Guid conversationId, Guid messageId, CancellationToken cancellationToken)
    {
        if (await FindAsync(accountId, conversationId, messageId, cancellationToken) is null)
        {
            throw new NotFoundException();
        }

        await running.StopAllOfAsync(conversationId);
        await database.WriteAsync(async db =>
        {
            var conversation = await db.HoldConversationAsync(accountId, conversationId, cancellationToken);
            var message = await FindMessageAsync(db, conversationId, messageId, cancellationToken);
            var branch = await MessagePath.BranchAsync(db, messageId, cancellationToken);
            await db.Set<Message>().Where(other => branch.Contains(other.Id)).ExecuteDeleteAsync(cancellationToken);
            await db.Set<Message>().Where(other => other.Id == message.ParentId && other.SelectedChildId == messageId)
                .ExecuteUpdateAsync(set => set.SetProperty(other => other.SelectedChildId, (Guid?)null), cancellationToken);
            if (conversation.HeadId is { } head && branch.Contains(head))
            {
                var sibling = await SiblingsOf(db, message).OrderByDescending(other => other.Sequence).Select(other => (Guid?)other.Id).FirstOrDefaultAsync(cancellationToken);
                conversation.HeadId = sibling is { } shown ? await MessagePath.LeafUnderAsync(db, shown, cancellationToken) : message.ParentId;
                await db.SaveChangesAsync(cancellationToken);
            }
        }, cancellationToken);
    }

    private Task<PathPage?> PageAsync(
        Guid accountId, Guid conversationId, Func<CalangoDb, Conversation, Task<Guid?>> lastOf, int take, CancellationToken cancellationToken) =>
        database.ReadAsync(async db =>
        {
            var conversation = await db.FindConversationAsync(accountId, conversationId, cancellationToken);
            if (conversation is null)
            {
                return null;
            }

            var path = await lastOf(db, conversation) is { } last ? await MessagePath.UpFromAsync(db, last, take, cancellationToken) : [];
            path.Reverse();
            return new PathPage(conversation, await ViewAsync(db, conversationId, path, conversation.HadTools, conversation.HasPictures, cancellationToken), path is [{ ParentId: not null }, ..]);
        }, cancellationToken);

    private static async Task<Message> FindMessageAsync(CalangoDb db, Guid conversationId, Guid id, CancellationToken cancellationToken) =>
        await db.Set<Message>().AsNoTracking().SingleOrDefaultAsync(message => message.Id == id && message.ConversationId == conversationId, cancellationToken)
        ?? throw new NotFoundException();

    private static IQueryable<Message> SiblingsOf(CalangoDb db, Message message) =>
        db.Set<Message>().AsNoTracking().Where(other => other.ConversationId == message.ConversationId && other.ParentId == message.ParentId);

    private async Task<IReadOnlyList<MessageView>> ViewAsync(CalangoDb db, Guid conversationId, List<Message> messages, bool hadTools, bool hasPictures, CancellationToken cancellationToken)
    {
        var ids = messages.ConvertAll(message => message.Id);
        var turns = await db.Set<Turn>().Where(turn => ids.Contains(turn.Id)).ToDictionaryAsync(turn => turn.Id, cancellationToken);
        var parents = messages.Select(message => message.ParentId).Distinct().ToList();
        var siblings = (await db.Set<Message>().Where(message => message.ConversationId == conversationId && parents.Contains(message.ParentId))
                .OrderBy(message => message.Sequence).Select(message => new { message.Id, message.ParentId }).ToListAsync(cancellationToken))
            .ToLookup(message => message.ParentId, message => message.Id);
        var uses = hadTools ? await ToolUses.OfAsync(db, ids, cancellationToken) : null;
        var pictures = hasPictures ? await QuestionPictures.OfAsync(db, ids, cancellationToken) : null;
        var sources = turns.Values.Any(turn => turn.Sources > 0) ? await TurnSources.OfAsync(db, ids, cancellationToken) : null;
        return messages.ConvertAll(message => View(message, turns.GetValueOrDefault(message.Id), [.. siblings[message.ParentId]], [.. uses?[message.Id] ?? []]) with { Sources = [.. sources?[message.Id] ?? []], Pictures = [.. pictures?[message.Id] ?? []] });
    }

    private MessageView View(Message message, Turn? turn, IReadOnlyList<Guid> siblings, IReadOnlyList<ToolUse> uses)
    {
        // Also of a turn that ended moments ago: its end may lie between our reading of the message and of the turn.
        if (turn is null || running.LogOf(message.Id) is not { } log)
        {
            return new MessageView(message, turn, siblings, 0) { Uses = uses };
        }

        var written = log.Read(0);
        (message.Text, message.Reasoning) = (written.Text, written.Reasoning.Length > 0 ? written.Reasoning : null);
        return new MessageView(message, turn, siblings, written.Sequence) { Uses = [.. written.Uses.Select(logged => logged.Use)], Asks = written.Asks ?? [] };
    }
}

/// <summary>A part of the shown path.</summary>
/// <param name="Conversation">The chat.</param>
/// <param name="Messages">Oldest first.</param>
/// <param name="HasOlder">There are more before the first.</param>
public sealed record PathPage(Conversation Conversation, IReadOnlyList<MessageView> Messages, bool HasOlder);

/// <summary>A message as it is shown.</summary>
/// <param name="Message">The message; of a running turn with the text that its log has at <paramref name="LogSequence"/>.</param>
/// <param name="Turn">Of an answer that a model gave.</param>
/// <param name="Siblings">The ids of the messages in its place, itself included, in order.</param>
/// <param name="LogSequence">Where the stream of a running turn goes on; else 0.</param>
public sealed record MessageView(Message Message, Turn? Turn, IReadOnlyList<Guid> Siblings, long LogSequence)
{
    /// <summary>The calls of tools in it, in order.</summary>
    public IReadOnlyList<ToolUse> Uses { get; init; } = [];

    /// <summary>Those that wait for a person's word now.</summary>
    public IReadOnlyList<ToolUse> Asks { get; init; } = [];

    /// <summary>What of documents the model was given for it.</summary>
    public IReadOnlyList<TurnSource> Sources { get; init; } = [];

    /// <summary>The pictures of a question.</summary>
    public IReadOnlyList<ChatPicture> Pictures { get; init; } = [];

    /// <summary>Its place among the siblings, from 0.</summary>
    public int Index
    {
        get
        {
            var index = 0;
            while (index < Siblings.Count && Siblings[index] != Message.Id)
            {
                index++;
            }

            return index;
        }
    }
}
