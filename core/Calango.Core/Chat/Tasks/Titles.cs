using System.Collections.Concurrent;
using Calango.Core.Data;
using Calango.Core.Identity;
using Calango.Core.Models;
using Calango.Core.Search;
using Calango.Sdk;
using Microsoft.EntityFrameworkCore;
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
    private readonly SmallTasks _tasks;
    private readonly MessageIndex _index;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<Guid, Task> _inProgress = new();

    internal Titles(Database database, SmallTasks tasks, MessageIndex index, TimeProvider clock, ILogger<Titles> logger) =>
        (_database, _tasks, _index, _clock, _logger) = (database, tasks, index, clock, logger);

    /// <summary>Ends when the title that is being written for a chat is there, if one is.</summary>
    public Task WaitAsync(Guid conversationId, CancellationToken cancellationToken) =>
        _inProgress.TryGetValue(conversationId, out var task) ? task.WaitAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>Whether a title is being written for a chat.</summary>
    public bool IsWriting(Guid conversationId) => _inProgress.ContainsKey(conversationId);

    /// <summary>What a title costs at most where this model writes it, in billionths of a US dollar; null: the model has no price.</summary>
    internal static long? HighestCost(CatalogModel model) => ModelCost.NanoUsd(model, MaxPromptTokens, MaxTokens);

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
        // A question may be a picture alone.
        var title = new WrittenTitle(FirstWords(question.Text.Length > 0 ? question.Text : answer.Text), TitleSource.FirstWords);
        if (title.Text.Length == 0)
        {
            return;
        }

        if (answer.Text.Length > 0 && TaskChoice.Of(account, ModelTask.Title).ModelFor(turn) is { } model)
        {
            title = await AskAsync(turn, model, question.Text, answer.Text) ?? title;
        }

        await StoreAsync(turn, title);
    }

    private async Task<WrittenTitle?> AskAsync(Turn turn, ModelRef model, string question, string answer)
    {
        using var limit = new CancellationTokenSource(TimeLimit, _clock);
        try
        {
            var written = await _tasks.AskAsync(ModelTask.Title, turn, model, CallPriority.Background, PromptFor(question, answer), MaxTokens, limit.Token);
            var text = Tidy(written.Text);
            return text.Length == 0 ? null : new WrittenTitle(text, TitleSource.Model, written.Model.Name, written.InputTokens, written.OutputTokens, written.CostNanoUsd);
        }
        catch (Exception exception)
        {
            // A chat without a fine title is a small loss; the first words serve.
            LogFailed(_logger, model.ConnectionId, exception.GetType().Name);
            return null;
        }
    }

    private static string PromptFor(string question, string answer) =>
        $"""
        Write a title for the conversation below: at most {MaxWords} words, in the language of the question, naming its subject. Answer with the title only: no quotation marks, no full stop.

        <question>
        {MessageText.Beginning(question, ExcerptLength)}
        </question>
        <answer>
        {MessageText.Beginning(answer, ExcerptLength)}
        </answer>
        """;

    private static string Tidy(string text)
    {
        var line = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault() ?? "";
        line = line.StartsWith("Title:", StringComparison.OrdinalIgnoreCase) ? line["Title:".Length..] : line;
        return FirstWords(line.Trim(' ', '"', '\'', '“', '”', '*', '#', '.', '`'));
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
