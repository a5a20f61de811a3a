using Calango.Core.Models;
using Calango.Sdk;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Chat;

/// <summary>Runs one turn: connects the model, sends the prompt, writes what comes to the log, and stores how it ended.</summary>
internal sealed partial class TurnRunner(
    ModelCatalog catalog, PromptBuilder prompts, TurnEndings endings, TurnOptions options, TimeProvider clock, ILogger<TurnRunner> logger)
{
    /// <summary>Never throws: every way a turn can go is one of its ends.</summary>
    public async Task RunAsync(TurnRun run)
    {
        var answer = new AnswerInProgress();
        CatalogModel? model = null;
        TurnEnd end;
        try
        {
            run.StopRequested.ThrowIfCancellationRequested();
            await using var lease = await catalog.ConnectAsync(run.Turn.Model, run.StopRequested);
            model = lease.Model;
            end = await AnswerAsync(run, lease, answer);
        }
        catch (Exception exception)
        {
            end = TurnFailures.EndAfter(exception, run, answer, model ?? catalog.Find(run.Turn.Model));
            if (end.Failure?.Code == TurnFailures.Unexpected)
            {
                LogUnexpected(logger, run.Turn.Id, exception.GetType().Name, exception.StackTrace);
            }
        }

        await endings.StoreAsync(run, answer.CompleteEnd(end, run, model, clock));
    }

    private async Task<TurnEnd> AnswerAsync(TurnRun run, ModelLease lease, AnswerInProgress answer)
    {
        var prompt = await prompts.BuildAsync(run, lease.Model, run.StopRequested);
        run.Turn.Start(clock.GetUtcNow(), prompt.OmittedMessages, prompt.FirstIncludedId);
        run.Prompt = prompt;
        answer.PromptTokens = prompt.Tokens;
        if (run.TextBefore.Length > 0)
        {
            run.Log.AppendText(run.TextBefore);
        }

        using var limits = new TurnTimeLimits(lease.Limits, run.StopRequested, clock);
        answer.Limits = limits;
        for (var attempt = new TurnAttempt(clock, TimeSpan.Zero); ; )
        {
            run.Log.Report(new TurnProgress(TurnPhase.Connecting));
            try
            {
                await CallAsync(run, lease, prompt, answer, attempt, limits);
                run.Attempts = [.. run.Attempts, attempt.Ended("ok", null)];
                return TurnFailures.EndOfStream(answer, run);
            }
            catch (Exception exception)
            {
                run.Attempts = [.. run.Attempts, attempt.Ended(TurnFailures.CodeOf(exception, run, answer), (exception as ProviderException)?.StatusCode)];
                if (exception is not ProviderException failure || limits.Expired || run.StopRequested.IsCancellationRequested
                    || answer.HasStarted || RetryPolicy.WaitBefore(attempt.Number + 1, failure) is not { } wait)
                {
                    throw;
                }

                run.Log.Report(new TurnProgress(TurnPhase.Retrying, RetryIn: wait));
                await Task.Delay(wait, clock, limits.WholeTurn);
                attempt = new TurnAttempt(clock, wait, attempt.Number + 1);
            }
        }
    }

    private async Task CallAsync(TurnRun run, ModelLease lease, Prompt prompt, AnswerInProgress answer, TurnAttempt attempt, TurnTimeLimits limits)
    {
        limits.Called();
        await foreach (var update in lease.Client.GetStreamingResponseAsync(prompt.Messages, prompt.Options, limits.Token).WithCancellation(limits.Token))
        {
            limits.Heard();
            answer.FinishReason = update.FinishReason?.Value ?? answer.FinishReason;
            foreach (var content in update.Contents)
            {
                Take(content, run, answer, attempt);
            }
        }
    }

    private void Take(AIContent content, TurnRun run, AnswerInProgress answer, TurnAttempt attempt)
    {
        switch (content)
        {
            case TextContent { Text: { Length: > 0 } text }:
                Began();
                answer.EndReasoning(clock);
                answer.Length += text.Length;
                run.Log.AppendText(WithoutNul(text));
                break;
            case TextReasoningContent { Text: { Length: > 0 } reasoning }:
                Began();
                answer.BeginReasoning(clock);
                answer.Length += reasoning.Length;
                run.Log.AppendReasoning(WithoutNul(reasoning));
                break;
            case UsageContent usage:
                answer.Usage = usage.Details;
                break;
        }

        if (answer.Length > options.MaxAnswerLength)
        {
            throw new ProviderException(ProviderErrorKind.StreamTooLarge);
        }

        void Began()
        {
            run.Updates++;
            if (!answer.HasStarted)
            {
                answer.FirstTokenAt = clock.GetUtcNow();
                attempt.FirstToken();
            }
        }
    }

    // PostgreSQL refuses it. It must not reach the log: a checkpoint that fails would take all running turns with it.
    private static string WithoutNul(string text) => text.Contains('\0', StringComparison.Ordinal) ? text.Replace("\0", "", StringComparison.Ordinal) : text;

    // The type and the place are enough to find a bug; an exception's message may quote what a person wrote.
    [LoggerMessage(LogLevel.Error, "Turn {TurnId} failed with an unexpected {ExceptionType} at {StackTrace}")]
    private static partial void LogUnexpected(ILogger logger, Guid turnId, string exceptionType, string? stackTrace);
}
