using System.Globalization;
using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Core.Models;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Chat;

/// <summary>
/// Asks models: each of the ways to start a turn stores what was asked before any model is called, and returns. The
/// answer comes through <see cref="Live"/>. Thread-safe.
/// </summary>
public sealed class Turns
{
    /// <summary>How many models one question may be put to at once.</summary>
    public const int MostAtOnce = 4;

    private readonly Database _database;
    private readonly TurnsRunning _running;
    private readonly TurnQueue _queue;
    private readonly TurnStore _store;
    private readonly TurnPulse _pulse;
    private readonly AccessLimits _limits;

    internal Turns(Database database, TurnsRunning running, TurnQueue queue, TurnStore store, TurnPulse pulse, AccessLimits limits) =>
        (_database, _running, _queue, _store, _pulse, _limits) = (database, running, queue, store, pulse, limits);

    /// <summary>Asks a question at the end of a chat's shown path, or in a new chat.</summary>
    /// <exception cref="RejectedException"><c>message.empty</c>, <c>message.tooLong</c>, <c>model.none</c>, <c>chat.busy</c>, one of its pictures', or a parameter's.</exception>
    /// <exception cref="NotFoundException">No such chat.</exception>
    public async Task<AskedQuestion> AskAsync(Guid accountId, NewMessage message, CancellationToken cancellationToken)
    {
        var text = MessageText.Accept(message.Text, mayBeEmpty: message.Pictures.Count > 0);
        message.Settings?.Validate();
        var request = new TurnRequest(accountId, message.ClientMessageId, message.RequestId, message.Model);
        var (turn, stored) = await StoreAsync(
            request, (db, allowed) => _store.AskAsync(db, allowed, message, text, cancellationToken), cancellationToken);
        return new AskedQuestion(turn, stored is null ? null : PageOf(stored));
    }

    /// <summary>Asks several models one question at once. The first one's answer is shown; the others stand beside it. They are stored together, or none is.</summary>
    /// <param name="accountId">Who asks.</param>
    /// <param name="message">The question; its own model counts for nothing.</param>
    /// <param name="models">Two to <see cref="MostAtOnce"/> different models.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The first one's turn.</returns>
    /// <exception cref="RejectedException">As <see cref="AskAsync"/>, or <c>models.several</c>: too few or too many.</exception>
    /// <exception cref="NotFoundException">No such chat.</exception>
    public async Task<Turn> AskSeveralAsync(Guid accountId, NewMessage message, IReadOnlyList<ModelRef> models, CancellationToken cancellationToken)
    {
        var text = MessageText.Accept(message.Text, mayBeEmpty: message.Pictures.Count > 0);
        message.Settings?.Validate();
        if (models.Distinct().Count() is < 2 or > MostAtOnce)
        {
            throw new RejectedException("models.several", ("most", MostAtOnce.ToString(CultureInfo.InvariantCulture)));
        }

        var request = new TurnRequest(accountId, message.ClientMessageId, message.RequestId, null);
        return (await StoreAllAsync(
            request, (db, allowed) => _store.AskSeveralAsync(db, allowed, message, text, [.. models.Distinct()], cancellationToken), cancellationToken)).Turn;
    }

    /// <summary>Asks a rewritten question, with the same pictures, in the place of one: the old one, and all that followed it, stays as a sibling.</summary>
    /// <exception cref="RejectedException">As <see cref="AskAsync"/>.</exception>
    /// <exception cref="NotFoundException">No such question.</exception>
    public Task<Turn> EditQuestionAsync(
        Guid accountId, Guid conversationId, Guid questionId, string text, Guid clientMessageId, string requestId, CancellationToken cancellationToken)
    {
        var accepted = MessageText.Accept(text, mayBeEmpty: true);
        var request = new TurnRequest(accountId, clientMessageId, requestId, null);
        return StartAsync(request, (db, allowed) => _store.AskInsteadAsync(db, allowed, conversationId, questionId, accepted, cancellationToken), cancellationToken);
    }

    /// <summary>Asks for another answer beside one, of the same or another model. Also answers a question that has none: give its id.</summary>
    /// <exception cref="NotFoundException">No such message.</exception>
    public Task<Turn> RegenerateAsync(
        Guid accountId, Guid conversationId, Guid answerId, ModelRef? model, Guid clientMessageId, string requestId, CancellationToken cancellationToken)
    {
        var request = new TurnRequest(accountId, clientMessageId, requestId, model);
        return StartAsync(request, (db, allowed) => _store.AnswerAgainAsync(db, allowed, conversationId, answerId, cancellationToken), cancellationToken);
    }

    /// <summary>Sends a turn's request again exactly as its trace has it, to the same model, for another answer beside it.</summary>
    /// <exception cref="RejectedException"><c>trace.none</c>: no model was called in that turn, or <c>chat.busy</c>.</exception>
    /// <exception cref="NotFoundException">No such turn.</exception>
    public async Task<Turn> RepeatAsync(Guid accountId, Guid turnId, Guid clientMessageId, string requestId, CancellationToken cancellationToken)
    {
        var before = await FindAsync(accountId, turnId, cancellationToken) ?? throw new NotFoundException();
        var request = new TurnRequest(accountId, clientMessageId, requestId, before.Model);
        return await StartAsync(request, (db, allowed) => _store.AnswerAsBeforeAsync(db, allowed, before, cancellationToken), cancellationToken);
    }

    /// <summary>Goes on with a cut answer: a sibling that starts with its text.</summary>
    /// <exception cref="RejectedException"><c>answer.whole</c>: it wasn't cut.</exception>
    /// <exception cref="NotFoundException">No such answer.</exception>
    public Task<Turn> ContinueAsync(
        Guid accountId, Guid conversationId, Guid answerId, Guid clientMessageId, string requestId, CancellationToken cancellationToken)
    {
        var request = new TurnRequest(accountId, clientMessageId, requestId, null);
        return StartAsync(request, (db, allowed) => _store.ContinueAsync(db, allowed, conversationId, answerId, cancellationToken), cancellationToken);
    }

    /// <summary>Stops a turn and returns when it has ended; what had come is kept. Nothing happens to one that has ended.</summary>
    /// <returns>The turn's chat.</returns>
    /// <exception cref="NotFoundException">No such turn.</exception>
    /// <exception cref="DatabaseUnavailableException">It has stopped, and its end cannot be stored just now.</exception>
    public async Task<Guid> StopAsync(Guid accountId, Guid turnId, CancellationToken cancellationToken)
    {
        // The database, which may be away, is asked only for what doesn't run here.
        if (_running.Find(turnId) is not { } run || run.Turn.AccountId != accountId)
        {
            return (await FindAsync(accountId, turnId, cancellationToken) ?? throw new NotFoundException()).ConversationId;
        }

        await run.StopAsync(cancellationToken);
        return run.Turn.ConversationId;
    }

    /// <summary>Says whether a call that waits may be made. Nothing happens to one that waits no longer.</summary>
    /// <returns>The turn's chat.</returns>
    /// <exception cref="NotFoundException">No such turn, or no such call in it.</exception>
    /// <exception cref="RejectedException"><c>tools.over</c>: the turn has ended.</exception>
    public async Task<Guid> DecideAsync(Guid accountId, Guid turnId, Guid useId, ToolDecision decision, CancellationToken cancellationToken)
    {
        if (_running.Find(turnId) is not { Ended.IsCompleted: false } run || run.Turn.AccountId != accountId)
        {
            throw await FindAsync(accountId, turnId, cancellationToken) is null ? new NotFoundException() : new RejectedException("tools.over");
        }

        if (!run.Approvals.Decide(useId, decision) && run.Log.Uses.All(use => use.Id != useId))
        {
            throw new NotFoundException();
        }

        return run.Turn.ConversationId;
    }

    /// <summary>The calls of tools in a turn, in order.</summary>
    public Task<IReadOnlyList<ToolUse>> UsesAsync(Guid accountId, Guid turnId, CancellationToken cancellationToken) => _database.ReadAsync<IReadOnlyList<ToolUse>>(
        async db => await db.Set<ToolUse>().Where(use => use.TurnId == turnId && db.Set<Turn>().Any(turn => turn.Id == turnId && turn.AccountId == accountId))
            .OrderBy(use => use.Position).ToListAsync(cancellationToken), cancellationToken);

    /// <summary>The turn; null if it is not there, its chat is deleted, or it is somebody else's.</summary>
    public Task<Turn?> FindAsync(Guid accountId, Guid turnId, CancellationToken cancellationToken) => _database.ReadAsync(
        db => db.Set<Turn>().SingleOrDefaultAsync(
            turn => turn.Id == turnId && turn.AccountId == accountId && db.Set<Conversation>().Any(c => c.Id == turn.ConversationId && c.DeletedAt == null),
            cancellationToken), cancellationToken);

    /// <summary>What was sent for a turn, and how the calls went; null: not there, or no model was called.</summary>
    public Task<TurnTrace?> TraceAsync(Guid accountId, Guid turnId, CancellationToken cancellationToken) => _database.ReadAsync(
        db => db.Set<TurnTrace>().SingleOrDefaultAsync(
            trace => trace.Id == turnId && db.Set<Turn>().Any(turn => turn.Id == turnId && turn.AccountId == accountId), cancellationToken), cancellationToken);

    /// <summary>A turn that runs here or ended moments ago; null: it is over, not there, or somebody else's.</summary>
    public LiveTurn? Live(Guid accountId, Guid turnId) =>
        _running.Find(turnId) is { } run && run.Turn.AccountId == accountId ? new LiveTurn(turnId, run.Turn.ConversationId, run.Log, run.MayCite) : null;

    // Nothing hangs beside them yet: the question stands at the end of the path, and the answer is its first.
    private static PathPage PageOf(StoredTurn stored) => new(
        stored.Conversation,
        [new MessageView(stored.Question, null, [stored.Question.Id], 0) { Pictures = stored.Pictures }, new MessageView(stored.Answer, stored.Turn, [stored.Answer.Id], 0) { Uses = stored.Uses }],
        HasOlder: stored.Question.ParentId is not null);

    private async Task<Turn> StartAsync(TurnRequest request, Func<CalangoDb, TurnRequest, Task<StoredTurn>> store, CancellationToken cancellationToken) =>
        (await StoreAsync(request, store, cancellationToken)).Turn;

    private Task<(Turn Turn, StoredTurn? New)> StoreAsync(TurnRequest asked, Func<CalangoDb, TurnRequest, Task<StoredTurn>> store, CancellationToken cancellationToken) =>
        StoreAllAsync(asked, async (db, request) => [await store(db, request)], cancellationToken);

    private async Task<(Turn Turn, StoredTurn? New)> StoreAllAsync(
        TurnRequest asked, Func<CalangoDb, TurnRequest, Task<IReadOnlyList<StoredTurn>>> store, CancellationToken cancellationToken)
    {
        var request = asked with { Access = await _limits.OfAsync(asked.AccountId, cancellationToken) };
        (Turn? Same, IReadOnlyList<StoredTurn> New) stored;
        try
        {
            stored = await _database.WriteAsync<(Turn?, IReadOnlyList<StoredTurn>)>(
                async db => await TurnStore.FindSameAsync(db, request, cancellationToken) is { } same ? (same, []) : (null, await store(db, request)), cancellationToken);
        }
        catch (Exception exception) when (DatabaseFailure.IsDuplicate(exception) || exception is RejectedException { Code: "chat.busy" })
        {
            // The same message came twice at once, and the other was stored first: its answer may be what keeps the chat busy.
            if (await _database.ReadAsync(db => TurnStore.FindSameAsync(db, request, cancellationToken), cancellationToken) is { } same)
            {
                return (same, null);
            }

            throw;
        }

        foreach (var begun in stored.New)
        {
            _queue.Add(new TurnRun(begun, _pulse));
        }

        return stored.New is [var first, ..] ? (first.Turn, first) : (stored.Same!, null);
    }
}

/// <summary>A question that was asked.</summary>
/// <param name="Turn">The turn that answers it, as it was stored.</param>
/// <param name="Chat">The chat with the question and the answer as they begin; null: the message had been sent before.</param>
public sealed record AskedQuestion(Turn Turn, PathPage? Chat);

/// <summary>A turn that can be followed.</summary>
/// <param name="Id">The turn's id.</param>
/// <param name="ConversationId">The chat.</param>
/// <param name="Log">What happens in it.</param>
/// <param name="MayCite">Its answer may name sources by their numbers.</param>
public sealed record LiveTurn(Guid Id, Guid ConversationId, TurnLog Log, bool MayCite);
