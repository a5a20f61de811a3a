using System.Runtime.ExceptionServices;
using Calango.Core.Errors;
using Calango.Core.Models;
using Calango.Core.Quotas;
using Calango.Sdk;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Chat;

/// <summary>Runs one turn: connects a model, sends the prompt, writes what comes to the log, and stores how it ended.</summary>
internal sealed partial class TurnRunner(
    ModelCatalog catalog, FallbackModels fallbacks, PromptBuilder prompts, KeptAnswers kept, FollowUps followUps, TurnSources sources, ToolOffers offers, ToolLoop tools, TurnEndings endings, QuotaMeter quotas, TurnOptions options, TimeProvider clock, ILogger<TurnRunner> logger)
{
    /// <summary>Never throws: every way a turn can go is one of its ends.</summary>
    public async Task RunAsync(TurnRun run)
    {
        var answer = new AnswerInProgress();
        TurnEnd end;
        try
        {
            run.StopRequested.ThrowIfCancellationRequested();
            await sources.AwaitDocumentsAsync(run);
            await followUps.SayInFullAsync(run);
            if (!run.MayUseKept || !await AnswerFromKeptAsync(run, answer))
            {
                await AnswerAsync(run, answer);
            }

            end = TurnFailures.EndOfStream(answer, run);
        }
        catch (Exception exception)
        {
            end = TurnFailures.EndAfter(exception, run, answer, answer.Model ?? catalog.Find(run.Turn.Model));
            if (end.Failure?.Code == TurnFailures.Unexpected)
            {
                LogUnexpected(logger, run.Turn.Id, exception.GetType().Name, exception.StackTrace);
            }
        }

        run.Model = answer.Model;
        await endings.StoreAsync(run, answer.CompleteEnd(end, run, clock));
        if (run is { Conversation.KeepsAnswers: true, Turn: { State: TurnState.Complete, WasKept: false, ContinuesId: null, InsteadOf: null }, Tools.Declarations.Count: 0 })
        {
            await kept.KeepAsync(run);
        }
    }

    private async Task<bool> AnswerFromKeptAsync(TurnRun run, AnswerInProgress answer)
    {
        if (await catalog.FindAsync(run.Turn.AccountId, run.Turn.Model, run.StopRequested) is not { } model)
        {
            return false;
        }

        await PreparePromptAsync(run, answer, model);
        if (await kept.FindAsync(run.Turn.AccountId, model.Ref, run.Prompt!, run.StopRequested) is not { } found)
        {
            return false;
        }

        run.Turn.AnswerFromKept();
        (answer.Model, answer.FirstTokenAt, answer.FinishReason, answer.Length) = (model, clock.GetUtcNow(), "stop", found.Text.Length);
        if (found.Reasoning is { } reasoning)
        {
            run.Log.AppendReasoning(reasoning);
        }

        run.Log.AppendText(found.Text);
        return true;
    }

    // Asks until a first token has come or nobody is left to ask. In vain, what the wanted model said is the reason.
    private async Task AnswerAsync(TurnRun run, AnswerInProgress answer)
    {
        if (run.Turn.Model == QuotedAnswer.Model)
        {
            await QuoteAsync(run, answer);
            return;
        }

        var route = new ModelRoute(
            await catalog.SharersAsync(run.Turn.AccountId, run.Turn.Model, run.StopRequested), () => FallbacksAsync(run));
        await AskAsync(run, route, answer);
        while (answer.WantsTools)
        {
            await tools.RunAsync(run, answer);
            var sofar = (int?)(answer.Usage?.InputTokenCount + answer.Usage?.OutputTokenCount) ?? answer.PromptTokens;
            await quotas.ReserveAsync(run.Turn.Id, run.Turn.AccountId, run.Turn.Model, ExpectedUse.Of(answer.Model, sofar, run.Conversation.MaxOutputTokens), run.StopRequested);
            // Another model would have to make sense of what this one began.
            await AskAsync(run, new ModelRoute([route.Current], () => Task.FromResult<IReadOnlyList<ModelRef>>([])), answer);
        }
    }

    private async Task QuoteAsync(TurnRun run, AnswerInProgress answer)
    {
        await LookAsync(run, null);
        run.Turn.Start(clock.GetUtcNow(), omittedMessages: 0, firstIncludedId: null);
        var text = run.Sources is { Count: > 0 } found ? QuotedAnswer.Of(found) : throw new RejectedException("sources.none");
        (answer.FirstTokenAt, answer.FinishReason, answer.Length) = (clock.GetUtcNow(), "stop", text.Length);
        run.Log.AppendText(text);
    }

    // For each model of a route alike: what belongs to the question doesn't depend on who reads it.
    private async Task LookAsync(TurnRun run, CatalogModel? model)
    {
        if (run.HasLooked)
        {
            return;
        }

        run.Sources = await sources.ForAsync(run, model);
        run.HasLooked = true;
        if (run.Sources is { } found)
        {
            run.Turn.Looked(found.Count);
        }
    }

    private async Task AskAsync(TurnRun run, ModelRoute route, AnswerInProgress answer)
    {
        (ExceptionDispatchInfo Failure, CatalogModel? Model, TurnTimeLimits? Limits) reason = default;
        for (var wait = TimeSpan.Zero; ;)
        {
            try
            {
                await AskAsync(run, route, answer, wait);
                return;
            }
            catch (Exception failure) when (!answer.RoundHasStarted && !run.StopRequested.IsCancellationRequested && answer.Limits is not { WholeExpired: true })
            {
                reason = route.IsFallback ? reason : (ExceptionDispatchInfo.Capture(failure), answer.Model, answer.Limits);
                if (await route.MoveOnAsync(failure) is not { } next || next > (answer.Limits?.Left ?? TimeSpan.MaxValue))
                {
                    (answer.Model, answer.Limits) = (reason.Model, reason.Limits);
                    reason.Failure.Throw();
                    throw;
                }

                wait = next;
            }

            run.Log.Report(route.IsFallback
                ? new TurnProgress(TurnPhase.FallingBack, Model: catalog.Find(route.Current)?.Name ?? route.Current.ModelId)
                : new TurnProgress(TurnPhase.Retrying, RetryIn: wait));
            await Task.Delay(wait, clock, run.StopRequested);
        }
    }

    // What is repeated is about that one model.
    private async Task<IReadOnlyList<ModelRef>> FallbacksAsync(TurnRun run) =>
        run.Repeats is null ? await fallbacks.ListAsync(run.Turn.AccountId, run.StopRequested) : [];

    private async Task AskAsync(TurnRun run, ModelRoute route, AnswerInProgress answer, TimeSpan waited)
    {
        answer.BeginCall();
        var caller = new ModelCaller(run.Turn.AccountId, CallPriority.Interactive, place => run.Log.Report(new TurnProgress(TurnPhase.Queued, place)), run.Turn.Id);
        await using var lease = await catalog.ConnectAsync(route.Current, caller, run.StopRequested);
        answer.Model = lease.Model;
        run.Offered ??= await offers.ForAsync(run, lease.CallsTools);
        await PreparePromptAsync(run, answer, lease.Model);
        answer.CalledAt ??= clock.GetTimestamp();
        using var limits = new TurnTimeLimits(lease.Limits, clock.GetElapsedTime(answer.CalledAt.Value), run.StopRequested, clock);
        answer.Limits = limits;
        run.Log.Report(new TurnProgress(TurnPhase.Connecting));
        var attempt = new TurnAttempt(clock, waited, lease.Model, route.IsFallback);
        try
        {
            await CallAsync(run, lease, answer, attempt, limits);
            run.Attempts = [.. run.Attempts, attempt.Ended(TurnFailures.Well, null)];
        }
        catch (Exception exception)
        {
            run.Attempts = [.. run.Attempts, attempt.Ended(TurnFailures.CodeOf(exception, run, answer), (exception as ProviderException)?.StatusCode)];
            throw;
        }
    }

    // Each model has a window of its own.
    private async Task PreparePromptAsync(TurnRun run, AnswerInProgress answer, CatalogModel model)
    {
        if (run.Prompt?.Options.ModelId == model.Ref.ModelId)
        {
            return;
        }

        await LookAsync(run, model);
        var prompt = run.Repeats is { } trace ? await prompts.RepeatAsync(trace, run.Tools, run.StopRequested) : await prompts.BuildAsync(run, model, run.StopRequested);
        if (run.Prompt is null)
        {
            run.Turn.Start(clock.GetUtcNow(), prompt.OmittedMessages, prompt.FirstIncludedId);
            if (run.TextBefore.Length > 0)
            {
                run.Log.Begin(run.TextBefore, run.UsesBefore);
            }
        }

        run.Prompt = prompt;
        answer.PromptTokens = prompt.Tokens;
    }

    private async Task CallAsync(TurnRun run, ModelLease lease, AnswerInProgress answer, TurnAttempt attempt, TurnTimeLimits limits)
    {
        limits.Called();
        var prompt = run.Prompt!;
        await using var updates = lease.Client.GetStreamingResponseAsync([.. prompt.Messages, .. answer.Exchange], prompt.Options, limits.Token).GetAsyncEnumerator(limits.Token);
        for (var more = await lease.TryAsync(FirstAsync, limits.Token); more; more = await updates.MoveNextAsync())
        {
            limits.Heard();
            answer.FinishReason = updates.Current.FinishReason?.Value ?? answer.FinishReason;
            foreach (var content in updates.Current.Contents)
            {
                Take(content, run, answer, attempt);
            }

            if (prompt.Options.Tools is not null)
            {
                answer.Remember(updates.Current);
            }
        }

        async ValueTask<bool> FirstAsync()
        {
            try
            {
                return await updates.MoveNextAsync();
            }
            catch (OperationCanceledException) when (limits.SilenceExpired)
            {
                throw new ProviderException(ProviderErrorKind.TimedOut);
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
                run.Log.AppendText(SinceTools(run, answer) + WithoutNul(text));
                break;
            case TextReasoningContent { Text: { Length: > 0 } reasoning }:
                Began();
                answer.BeginReasoning(clock);
                answer.Length += reasoning.Length;
                run.Log.AppendReasoning(WithoutNul(reasoning));
                break;
            case FunctionCallContent:
                Began();
                answer.EndReasoning(clock);
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
            answer.RoundHasStarted = true;
            attempt.FirstToken();
            if (!answer.HasStarted)
            {
                answer.FirstTokenAt = clock.GetUtcNow();
                run.Turn.AnswerBy(attempt.Model, attempt.IsFallback, run.Prompt!.OmittedMessages, run.Prompt.FirstIncludedId);
            }
        }
    }

    // What follows calls of tools is a paragraph of its own.
    private static string SinceTools(TurnRun run, AnswerInProgress answer) =>
        (answer.Round > 0 || run.UsesBefore.Count > 0) && run.Log.TextLength is > 0 and var length && length == run.Log.Uses[^1].Offset ? "\n\n" : "";

    // PostgreSQL refuses it. It must not reach the log: a checkpoint that fails would take all running turns with it.
    private static string WithoutNul(string text) => text.Contains('\0', StringComparison.Ordinal) ? text.Replace("\0", "", StringComparison.Ordinal) : text;

    // The type and the place are enough to find a bug; an exception's message may quote what a person wrote.
    [LoggerMessage(LogLevel.Error, "Turn {TurnId} failed with an unexpected {ExceptionType} at {StackTrace}")]
    private static partial void LogUnexpected(ILogger logger, Guid turnId, string exceptionType, string? stackTrace);
}
