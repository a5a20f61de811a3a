using Calango.Core.Data;
using Calango.Core.Models;
using Calango.Sdk;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Chat;

/// <summary>
/// Says a follow-up question in full before documents are searched for it: "And in winter?" finds nothing by itself. Where nobody was
/// chosen to do so, or it fails, what was typed is searched for. Thread-safe.
/// </summary>
internal sealed partial class FollowUps(Database database, TaskChoices choices, SmallTasks tasks, TimeProvider clock, ILogger<FollowUps> logger)
{
    private const int MessagesBefore = 4;
    private const int ExcerptLength = 600;

    // Whoever writes more than this says what it is about.
    private const int LongestFollowUp = 400;
    private const int LongestQuestion = 600;
    private const int MaxTokens = 200;

    // The excerpts at three characters a token, the question, and what is asked.
    private const int MaxPromptTokens = 1_100;

    // The answer waits for it.
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(10);

    /// <summary>What it costs at most where this model does it, in billionths of a US dollar; null: the model has no price.</summary>
    public static long? HighestCost(CatalogModel model) => ModelCost.NanoUsd(model, MaxPromptTokens, MaxTokens);

    /// <summary>Does so for a turn that is to search documents. What it continues or repeats has been searched for.</summary>
    public async Task SayInFullAsync(TurnRun run)
    {
        if (!run.Conversation.LooksInDocuments || run.Question is not { ParentId: { } before, Text.Length: > 0 and <= LongestFollowUp } || (run.Turn.ContinuesId ?? run.Turn.RerunOf) is not null)
        {
            return;
        }

        if ((await choices.OfAsync(run.Turn.AccountId, ModelTask.Question, run.StopRequested)).ModelFor(run.Turn) is not { } model)
        {
            return;
        }

        var messages = await database.ReadAsync(db => MessagePath.UpFromAsync(db, before, MessagesBefore, run.StopRequested), run.StopRequested);
        run.Log.Report(new TurnProgress(TurnPhase.Searching));
        using var limit = new CancellationTokenSource(TimeLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, run.StopRequested);
        try
        {
            messages.Reverse();
            var told = await tasks.AskAsync(ModelTask.Question, run.Turn, model, CallPriority.Interactive, PromptFor(messages, run.Question.Text), MaxTokens, either.Token);
            if (Tidy(told.Text) is { Length: > 0 and <= LongestQuestion } question)
            {
                run.Turn.SearchFor(question, told);
            }
        }
        catch (Exception exception) when (!run.StopRequested.IsCancellationRequested)
        {
            LogFailed(logger, run.Turn.Id, exception.GetType().Name);
        }
    }

    private static string PromptFor(IReadOnlyList<Message> messages, string question) =>
        $"""
        A question follows a conversation. Write it so that it can be understood without the conversation: name what its pronouns stand for and what it leaves out, in its own language, and add nothing else. If it can be understood alone, repeat it as it is. Answer with the question only.

        <conversation>
        {string.Join("\n", messages.Select(message => $"{(message.Role == MessageRole.User ? "Question" : "Answer")}: {MessageText.Beginning(message.Text, ExcerptLength)}"))}
        </conversation>
        <question>
        {question}
        </question>
        """;

    private static string Tidy(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        line = line.StartsWith("Question:", StringComparison.OrdinalIgnoreCase) ? line["Question:".Length..] : line;
        return line.Trim(' ', '"', '“', '”', '*', '`');
    }

    [LoggerMessage(LogLevel.Warning, "The question of turn {TurnId} could not be said in full: {ExceptionType}")]
    private static partial void LogFailed(ILogger logger, Guid turnId, string exceptionType);
}
