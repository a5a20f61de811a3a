using System.Collections.Concurrent;
using Calango.Core.Data;
using Calango.Core.Identity;
using Calango.Core.Models;
using Calango.Core.Quotas;
using Calango.Core.Search;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Chat;

/// <summary>Gives a chat its title after the first exchange, by a small prompt. One that a person gave is never touched. Thread-safe.</summary>
public sealed partial class Titles
{
    private const int MaxWords = 8;
    private const int ExcerptLength = 1_200;
    private const int MaxTokens = 200;

    // Both excerpts at three characters a token, and what is asked.
    private const int MaxPromptTokens = 900;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);

    private readonly Database _database;
    private readonly ModelCatalog _catalog;
    private readonly MessageIndex _index;
    private readonly CallTelemetry _telemetry;
    private readonly ModelEvents _events;
    private readonly QuotaMeter _quotas;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<Guid, Task> _inProgress = new();

    internal Titles(
        Database database, ModelCatalog catalog, MessageIndex index, CallTelemetry telemetry, ModelEvents events, QuotaMeter quotas, TimeProvider clock, ILogger<Titles> logger) =>
        (_database, _catalog, _index, _telemetry, _events, _quotas, _clock, _logger) = (database, catalog, index, telemetry, events, quotas, clock, logger);

    /// <summary>Ends when the title that is being written for a chat is there, if one is.</summary>
    public Task WaitAsync(Guid conversationId, CancellationToken cancellationToken) =>
        _inProgress.TryGetValue(conversationId, out var task) ? task.WaitAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>Whether a title is being written for a chat.</summary>
    public bool IsWriting(Guid conversationId) => _inProgress.ContainsKey(conversationId);

    /// <summary>Chooses how titles are made.</summary>
    public Task ChooseAsync(Guid accountId, TitleMode mode, ModelRef? model, CancellationToken cancellationToken) => _database.WriteAsync(
        db => db.Set<Account>().Where(account => account.Id == accountId).ExecuteUpdateAsync(set => set
            .SetProperty(account => account.TitleMode, mode == TitleMode.Model && model is null ? TitleMode.SameModel : mode)
            .SetProperty(account => account.TitleConnectionId, model == null ? null : model.Value.ConnectionId)
            .SetProperty(account => account.TitleModelId, model == null ? null : model.Value.ModelId), cancellationToken), cancellationToken);

    /// <summary>How titles are made for a person.</summary>
    public Task<Account> ChoiceOfAsync(Guid accountId, CancellationToken cancellationToken) =>
        _database.ReadAsync(db => db.Set<Account>().SingleAsync(account => account.Id == accountId, cancellationToken), cancellationToken);

    /// <summary>What a title costs at most where this model writes it, in billionths of a US dollar; null: the model has no price.</summary>
    public static long? HighestCost(CatalogModel model) => ModelCost.NanoUsd(model, MaxPromptTokens, MaxTokens);

    /// <summary>Begins to write a title where the chat has none; returns at once.</summary>
    internal void Begin(TurnRun run)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_inProgress.TryAdd(run.Turn.ConversationId, written.Task))
        {
            _ = RunAsync(run.Turn, written);
        }
    }

    private async Task RunAsync(Turn turn, TaskCompletionSource written)
    {
        try
        {
            await WriteAsync(turn);
        }
        catch (Exception exception)
        {
            LogFailed(_logger, turn.ConversationId, exception.GetType().Name);
        }
        finally
        {
            _inProgress.TryRemove(turn.ConversationId, out _);
            written.SetResult();
        }
    }

    private async Task WriteAsync(Turn turn)
    {
        var (question, answer, account) = await _database.ReadAsync(async db => (
            await db.Set<Message>().SingleAsync(message => message.Id == turn.QuestionId),
            await db.Set<Message>().SingleAsync(message => message.Id == turn.Id),
            await db.Set<Account>().SingleAsync(account => account.Id == turn.AccountId)), CancellationToken.None);
        var title = new WrittenTitle(FirstWords(question.Text), TitleSource.FirstWords);
        if (account.TitleMode != TitleMode.Off && answer.Text.Length > 0)
        {
            title = await AskAsync(turn, ModelFor(account, turn), question.Text, answer.Text) ?? title;
        }

        await StoreAsync(turn, title);
    }

    private static ModelRef ModelFor(Account account, Turn turn) =>
        account is { TitleMode: TitleMode.Model, TitleConnectionId: { } connection, TitleModelId: { } model } ? new ModelRef(connection, model) : turn.Model;

    private async Task<WrittenTitle?> AskAsync(Turn turn, ModelRef model, string question, string answer)
    {
        using var limit = new CancellationTokenSource(TimeLimit, _clock);
        try
        {
            await using var lease = await _catalog.ConnectAsync(model, new ModelCaller(turn.AccountId, CallPriority.Background), limit.Token);
            var response = await CallAsync(lease, new TitleCall(turn, lease.Model, PromptFor(question, answer), MaxTokens, _clock.GetUtcNow()), limit.Token);
            var text = Tidy(response.Text);
            var input = (int)(response.Usage?.InputTokenCount ?? 0);
            var output = (int)(response.Usage?.OutputTokenCount ?? 0);
            await CountAsync(turn, lease.Model, question, answer, response);
            return text.Length == 0 ? null : new WrittenTitle(text, TitleSource.Model, lease.Model.Name, input, output, ModelCost.NanoUsd(lease.Model, input, output));
        }
        catch (Exception exception)
        {
            // A chat without a fine title is a small loss; the first words serve.
            LogFailed(_logger, model.ConnectionId, exception.GetType().Name);
            return null;
        }
    }

    private Task CountAsync(Turn turn, CatalogModel model, string question, string answer, ChatResponse response)
    {
        var input = (int)(response.Usage?.InputTokenCount ?? TokenEstimate.Of(Excerpt(question)) + TokenEstimate.Of(Excerpt(answer)));
        var output = (int)(response.Usage?.OutputTokenCount ?? TokenEstimate.Of(response.Text));
        return _quotas.EndAsync(Guid.CreateVersion7(), turn.AccountId, model.Ref, new QuotaAmount(input, output, ModelCost.NanoUsd(model, input, output) ?? 0));
    }

    private async Task<ChatResponse> CallAsync(ModelLease lease, TitleCall call, CancellationToken cancellationToken)
    {
        try
        {
            // Streamed like an answer, so that a service needs to offer one way only.
            var response = await new MeasuredTitle(_telemetry, call, _clock).ReadAsync(lease.Client.GetStreamingResponseAsync(
                call.Prompt, new ChatOptions { ModelId = call.Model.Ref.ModelId, MaxOutputTokens = call.MaxOutputTokens }, cancellationToken));
            _events.Ended(call, response, failure: null);
            return response;
        }
        catch (Exception exception)
        {
            _events.Ended(call, response: null, exception);
            throw;
        }
    }

    private static ChatMessage[] PromptFor(string question, string answer) =>
    [
        new(ChatRole.User,
            $"""
            Write a title for the conversation below: at most {MaxWords} words, in the language of the question, naming its subject. Answer with the title only: no quotation marks, no full stop.

            <question>
            {Excerpt(question)}
            </question>
            <answer>
            {Excerpt(answer)}
            </answer>
            """),
    ];

    private static string Excerpt(string text) => text.Length > ExcerptLength ? text[..ExcerptLength] : text;

    private static string Tidy(string text)
    {
        var thoughtEnd = text.LastIndexOf("</think>", StringComparison.Ordinal);
        var line = text[(thoughtEnd < 0 ? 0 : thoughtEnd + "</think>".Length)..]
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault() ?? "";
        line = line.StartsWith("Title:", StringComparison.OrdinalIgnoreCase) ? line["Title:".Length..] : line;
        return FirstWords(MessageText.Clean(line).Trim(' ', '"', '\'', '“', '”', '*', '#', '.', '`'));
    }

    private static string FirstWords(string text)
    {
        const int Longest = 60;
        var words = string.Join(' ', text.Split((char[]?)null, 24, StringSplitOptions.RemoveEmptyEntries));
        if (words.Length <= Longest)
        {
            return words;
        }

        var end = words.LastIndexOf(' ', Longest);
        end = end > 0 ? end : char.IsHighSurrogate(words[Longest - 1]) ? Longest - 1 : Longest;
        return words[..end] + "…";
    }

    private Task StoreAsync(Turn turn, WrittenTitle title) => _database.WriteAsync(async db =>
    {
        // Who named it by hand meanwhile has the last word.
        var stored = await db.Set<Conversation>().Where(conversation => conversation.Id == turn.ConversationId && conversation.TitleSource == TitleSource.None)
            .ExecuteUpdateAsync(set => set
                .SetProperty(conversation => conversation.Title, title.Text)
                .SetProperty(conversation => conversation.TitleSource, title.Source)
                .SetProperty(conversation => conversation.TitleModelName, title.ModelName)
                .SetProperty(conversation => conversation.TitleInputTokens, title.InputTokens)
                .SetProperty(conversation => conversation.TitleOutputTokens, title.OutputTokens)
                .SetProperty(conversation => conversation.TitleCostNanoUsd, title.CostNanoUsd));
        if (stored > 0)
        {
            await _index.ReplaceTitleAsync(db, turn.ConversationId, turn.AccountId, title.Text, CancellationToken.None);
        }
    }, CancellationToken.None);

    private sealed record WrittenTitle(
        string Text, TitleSource Source, string? ModelName = null, int InputTokens = 0, int OutputTokens = 0, long? CostNanoUsd = null);

    [LoggerMessage(LogLevel.Warning, "No title could be written for {Id}: {ExceptionType}")]
    private static partial void LogFailed(ILogger logger, Guid id, string exceptionType);
}
