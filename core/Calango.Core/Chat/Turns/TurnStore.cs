using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Core.Models;
using Calango.Core.Quotas;
using Calango.Core.Search;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Chat;

/// <summary>Who asks for a turn, and how.</summary>
internal sealed record TurnRequest(Guid AccountId, Guid ClientMessageId, string RequestId, ModelRef? Model)
{
    /// <summary>What they may use.</summary>
    public PersonalAccess Access { get; init; } = PersonalAccess.Everything;

    /// <summary>The turn whose request is sent again.</summary>
    public Guid? RerunOf { get; init; }
}

/// <summary>A turn as it was stored, with the rows around it.</summary>
internal sealed record StoredTurn(Conversation Conversation, Message Question, Message Answer, Turn Turn)
{
    /// <summary>The question has no other answer: nobody wants another one.</summary>
    public bool IsFirstAnswer { get; init; }

    /// <summary>What is sent again as it was; null: the prompt is built.</summary>
    public TurnTrace? Repeats { get; init; }

    /// <summary>The calls of tools in what the answer continues.</summary>
    public IReadOnlyList<ToolUse> Uses { get; init; } = [];

    /// <summary>The pictures of a question that was just asked.</summary>
    public IReadOnlyList<ChatPicture> Pictures { get; init; } = [];
}

/// <summary>Stores what was asked, with an empty answer: what must be on disk before a model is called. Runs inside a unit of work.</summary>
internal sealed class TurnStore(ModelCatalog catalog, MessageIndex index, TurnLease lease, QuotaBook quotas, TimeProvider clock)
{
    // Who finds turns that nobody runs any more gives their part back long before.
    private static readonly TimeSpan LongestTurn = TimeSpan.FromDays(1);

    private static readonly CompiledQuery<Func<CalangoDb, Guid, Guid, CancellationToken, Task<Turn?>>> FindSame = new(() => EF.CompileAsyncQuery(
        (CalangoDb db, Guid accountId, Guid clientMessageId, CancellationToken cancellationToken) =>
            db.Set<Turn>().AsNoTracking().SingleOrDefault(turn => turn.AccountId == accountId && turn.ClientMessageId == clientMessageId)));

    private static readonly CompiledQuery<Func<CalangoDb, Guid, CancellationToken, Task<int>>> DepthOf = new(() => EF.CompileAsyncQuery(
        (CalangoDb db, Guid messageId, CancellationToken cancellationToken) =>
            db.Set<Message>().Where(message => message.Id == messageId).Select(message => message.Depth).Single()));

    public static Task<Turn?> FindSameAsync(CalangoDb db, TurnRequest request, CancellationToken cancellationToken) =>
        FindSame.For(db)(db, request.AccountId, request.ClientMessageId, cancellationToken);

    public async Task<StoredTurn> AskAsync(
        CalangoDb db, TurnRequest request, NewMessage message, string text, CancellationToken cancellationToken)
    {
        var conversation = message.ConversationId is { } id
            ? await db.HoldIdleConversationAsync(request.AccountId, id, cancellationToken)
            : await Conversations.AddAsync(db, request.AccountId, request.Model, message.Settings, message.FolderId, clock.GetUtcNow(), cancellationToken);
        var depth = conversation.HeadId is { } head ? await DepthOf.For(db)(db, head, cancellationToken) : 0;
        // After a question that was left without an answer, the new one takes its place in the order, below it.
        var pictures = await QuestionPictures.TakeAsync(db, conversation, message.Pictures, cancellationToken);
        return await AddQuestionAsync(db, request, conversation, conversation.HeadId, depth + 1, text, pictures, cancellationToken);
    }

    public async Task<IReadOnlyList<StoredTurn>> AskSeveralAsync(
        CalangoDb db, TurnRequest request, NewMessage message, string text, IReadOnlyList<ModelRef> models, CancellationToken cancellationToken)
    {
        var first = await AskAsync(db, request with { Model = models[0] }, message, text, cancellationToken);
        var all = new List<StoredTurn> { first };
        foreach (var model in models.Skip(1))
        {
            if (first.Pictures.Count > 0)
            {
                RefuseBlind(request, model);
            }

            var another = request with { Model = model, ClientMessageId = Guid.CreateVersion7(clock.GetUtcNow()) };
            all.Add(await AddAnswerAsync(db, another, first.Conversation, first.Question, null, cancellationToken));
        }

        first.Conversation.HeadId = first.Answer.Id;
        await db.SaveChangesAsync(cancellationToken);
        await MessagePath.RememberAsync(db, first.Answer.Id, cancellationToken);
        return all;
    }

    public async Task<StoredTurn> AskInsteadAsync(
        CalangoDb db, TurnRequest request, Guid conversationId, Guid questionId, string text, CancellationToken cancellationToken)
    {
        var conversation = await db.HoldIdleConversationAsync(request.AccountId, conversationId, cancellationToken);
        var replaced = await FindMessageAsync(db, conversationId, questionId, MessageRole.User, cancellationToken);
        var pictures = conversation.HasPictures ? await QuestionPictures.CopyAsync(db, questionId, cancellationToken) : [];
        if (text.Length == 0 && pictures.Count == 0)
        {
            throw new RejectedException("message.empty");
        }

        var stored = await AddQuestionAsync(db, request, conversation, replaced.ParentId, replaced.Depth, text, pictures, cancellationToken);
        await ShowAsync(db, replaced.ParentId, stored.Question.Id, cancellationToken);
        return stored;
    }

    public async Task<StoredTurn> AnswerAgainAsync(CalangoDb db, TurnRequest request, Guid conversationId, Guid messageId, CancellationToken cancellationToken)
    {
        var conversation = await db.HoldIdleConversationAsync(request.AccountId, conversationId, cancellationToken);
        var message = await FindMessageAsync(db, conversationId, messageId, null, cancellationToken);
        var question = message.Role == MessageRole.User ? message : await FindMessageAsync(db, conversationId, message.ParentId, MessageRole.User, cancellationToken);
        return await AddSiblingAsync(db, request, conversation, question, null, cancellationToken);
    }

    public async Task<StoredTurn> ContinueAsync(CalangoDb db, TurnRequest request, Guid conversationId, Guid answerId, CancellationToken cancellationToken)
    {
        var conversation = await db.HoldIdleConversationAsync(request.AccountId, conversationId, cancellationToken);
        var cut = await FindMessageAsync(db, conversationId, answerId, MessageRole.Assistant, cancellationToken);
        if (await db.Set<Turn>().AsNoTracking().SingleOrDefaultAsync(turn => turn.Id == answerId, cancellationToken) is not { IsCut: true })
        {
            throw new RejectedException("answer.whole");
        }

        var question = await FindMessageAsync(db, conversationId, cut.ParentId, MessageRole.User, cancellationToken);
        var stored = await AddSiblingAsync(db, request, conversation, question, cut, cancellationToken);
        var uses = (await ToolUses.OfAsync(db, [answerId], cancellationToken))[answerId].Select(use => use.CopyFor(stored.Turn.Id)).ToList();
        db.AddRange(uses.Select(use => use.Copy()));
        await db.SaveChangesAsync(cancellationToken);
        return stored with { Uses = uses };
    }

    public async Task<StoredTurn> AnswerAsBeforeAsync(CalangoDb db, TurnRequest request, Turn before, CancellationToken cancellationToken)
    {
        var conversation = await db.HoldIdleConversationAsync(request.AccountId, before.ConversationId, cancellationToken);
        var trace = await db.Set<TurnTrace>().AsNoTracking().SingleOrDefaultAsync(trace => trace.Id == before.Id, cancellationToken) ?? throw new RejectedException("trace.none");
        var question = await FindMessageAsync(db, before.ConversationId, before.QuestionId, MessageRole.User, cancellationToken);
        return await AddSiblingAsync(db, request with { RerunOf = before.Id }, conversation, question, null, cancellationToken) with { Repeats = trace };
    }

    private static async Task<Message> FindMessageAsync(
        CalangoDb db, Guid conversationId, Guid? messageId, MessageRole? role, CancellationToken cancellationToken) =>
        await db.Set<Message>().AsNoTracking().SingleOrDefaultAsync(
            message => message.Id == messageId && message.ConversationId == conversationId && (role == null || message.Role == role), cancellationToken)
        ?? throw new NotFoundException();

    private void RefuseBlind(TurnRequest request, ModelRef? model)
    {
        if (model is { } asked && catalog.Find(asked, request.Access) is { SeesPictures: false } blind)
        {
            throw new RejectedException("picture.unseen", ("model", blind.Name));
        }
    }

    private async Task<StoredTurn> AddQuestionAsync(
        CalangoDb db, TurnRequest request, Conversation conversation, Guid? parentId, int depth, string text, IReadOnlyList<ChatPicture> pictures, CancellationToken cancellationToken)
    {
        if (pictures.Count > 0)
        {
            RefuseBlind(request, request.Model ?? conversation.Model);
        }

        var now = clock.GetUtcNow();
        var question = new Message
        {
            Id = Guid.CreateVersion7(now),
            ConversationId = conversation.Id,
            ParentId = parentId,
            Sequence = ++conversation.LastSequence,
            Depth = depth,
            Role = MessageRole.User,
            Text = text,
            Tokens = TokenEstimate.Of(text) + pictures.Sum(picture => picture.Tokens),
            CreatedAt = now,
        };
        db.Add(question);
        foreach (var picture in pictures)
        {
            picture.MessageId = question.Id;
        }

        var stored = await AddAnswerAsync(db, request, conversation, question, null, cancellationToken);
        await index.AddAsync(db, new IndexedText(question.Id, conversation.Id, conversation.AccountId, text), cancellationToken);
        return stored with { IsFirstAnswer = true, Pictures = pictures };
    }

    private async Task<StoredTurn> AddSiblingAsync(
        CalangoDb db, TurnRequest request, Conversation conversation, Message question, Message? continues, CancellationToken cancellationToken)
    {
        var stored = await AddAnswerAsync(db, request, conversation, question, continues, cancellationToken);
        await ShowAsync(db, question.Id, stored.Turn.Id, cancellationToken);
        return stored;
    }

    private async Task<StoredTurn> AddAnswerAsync(
        CalangoDb db, TurnRequest request, Conversation conversation, Message question, Message? continues, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var model = request.Model ?? conversation.Model ?? (conversation.LooksInDocuments ? QuotedAnswer.Model : throw new RejectedException("model.none"));
        var known = catalog.Find(model, request.Access);
        var answer = new Message
        {
            Id = Guid.CreateVersion7(now),
            ConversationId = conversation.Id,
            ParentId = question.Id,
            Sequence = ++conversation.LastSequence,
            Depth = question.Depth + 1,
            Role = MessageRole.Assistant,
            Text = continues?.Text ?? "",
            CreatedAt = now,
        };
        var turn = new Turn(answer.Id, conversation.Id, question.Id, request.ClientMessageId, continues?.Id)
        {
            AccountId = request.AccountId,
            Model = model,
            ModelName = known?.Name ?? model.ModelId,
            CreatedAt = now,
            RequestId = request.RequestId,
            RerunOf = request.RerunOf,
            LeaseUntil = lease.Until,
        };
        db.AddRange(answer, turn);
        conversation.HeadId = answer.Id;
        (conversation.ActiveAt, conversation.ArchivedAt) = (now, null);
        if (conversation.Model is null && model != QuotedAnswer.Model)
        {
            conversation.Use(model);
        }

        await db.SaveChangesAsync(cancellationToken);
        await quotas.ReserveAsync(
            db, turn.Id, request.AccountId, model, () => ExpectedUse.OfAsync(db, conversation, question, turn.Id, known, cancellationToken), LongestTurn, cancellationToken);
        return new StoredTurn(conversation, question, answer, turn);
    }

    // Only where there are siblings is there a choice to remember: the newest child is shown anyway.
    private static Task ShowAsync(CalangoDb db, Guid? parentId, Guid childId, CancellationToken cancellationToken) =>
        db.Set<Message>().Where(message => message.Id == parentId && message.SelectedChildId != null)
            .ExecuteUpdateAsync(set => set.SetProperty(message => message.SelectedChildId, childId), cancellationToken);
}
