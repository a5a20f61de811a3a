using System.Text;
using Calango.Core.Models;
using Calango.Core.Quotas;
using Microsoft.Extensions.AI;

namespace Calango.Core.Chat;

/// <summary>What is known of one completion, for measurements and for the sinks of events.</summary>
internal sealed class CompletionRecord(CompletionRequest request, CallTelemetry telemetry, ModelEvents events, TimeProvider clock)
{
    private readonly StringBuilder _text = new();
    private readonly long _start = clock.GetTimestamp();
    private long _calledAt;
    private double? _firstToken;
    private UsageDetails? _counted;
    private int _outputEstimate;

    /// <summary>The model that was asked last.</summary>
    public CatalogModel Model { get; private set; } = request.Model;

    /// <inheritdoc cref="CompletionRequest"/>
    public CompletionRequest Request => request;

    public DateTimeOffset StartedAt { get; } = clock.GetUtcNow();

    public DateTimeOffset? FirstTokenAt { get; private set; }

    public string? FinishReason { get; private set; }

    /// <summary>Why it failed; null: it did not.</summary>
    public Failure? Failure { get; private set; }

    /// <summary>How often a service was called.</summary>
    public int Calls { get; private set; }

    /// <summary>Whoever asked has gone, or stopped it.</summary>
    public bool WasStopped { get; private set; }

    /// <summary>The answer as far as it came, without its reasoning.</summary>
    public string Text => _text.ToString();

    /// <summary>In UTF-16 units, reasoning included.</summary>
    public int Length { get; private set; }

    public bool HasStarted => FirstTokenAt is not null;

    public CompletionUsage Usage => _counted is { InputTokenCount: { } input, OutputTokenCount: { } output }
        ? new CompletionUsage((int)input, (int)output, IsEstimated: false)
        : new CompletionUsage(PromptTokens(request), _outputEstimate, IsEstimated: true);

    /// <summary>What counts for the quotas. Of a call that brought nothing, and of which its service told nothing, nothing is known.</summary>
    public QuotaAmount Took => !HasStarted && Usage.IsEstimated ? QuotaAmount.None
        : new QuotaAmount(Usage.InputTokens, Usage.OutputTokens, ModelCost.NanoUsd(Model, Usage.InputTokens, Usage.OutputTokens) ?? 0);

    /// <summary>Our estimate of the prompt's tokens.</summary>
    public static int PromptTokens(CompletionRequest request) => request.Messages.Sum(
        message => TokenEstimate.Of(message.Text) + (TokenEstimate.PerPicture * message.Contents.OfType<DataContent>().Count()) + TokenEstimate.PerMessage);

    public void Begin(CatalogModel model)
    {
        (Model, _calledAt) = (model, clock.GetTimestamp());
        Calls++;
    }

    public void Note(ChatResponseUpdate update)
    {
        FinishReason = update.FinishReason?.Value ?? FinishReason;
        foreach (var content in update.Contents)
        {
            switch (content)
            {
                case TextContent { Text: { Length: > 0 } text }:
                    _text.Append(text);
                    Count(text);
                    break;
                case TextReasoningContent { Text: { Length: > 0 } reasoning }:
                    Count(reasoning);
                    break;
                case FunctionCallContent call:
                    Count(ToolArguments.Written(call));
                    break;
                case UsageContent usage:
                    _counted = usage.Details;
                    break;
            }
        }
    }

    public ModelFailedException Failed(Failure failure)
    {
        Failure ??= failure;
        return new ModelFailedException(Failure);
    }

    /// <summary>Tells whoever measures and listens.</summary>
    public void End(bool wasStopped)
    {
        WasStopped = wasStopped && Failure is null && FinishReason is null;
        var tags = CallTelemetry.TagsOf(Model, Model.ConnectionName);
        telemetry.Took(CallTelemetry.OfCompletion, clock.GetElapsedTime(_start).TotalMilliseconds, Failure?.Code, tags);
        if (_firstToken is { } first)
        {
            telemetry.FirstToken(CallTelemetry.OfCompletion, first, tags);
        }

        if (!Usage.IsEstimated)
        {
            telemetry.Tokens(CallTelemetry.OfCompletion, "input", Usage.InputTokens, tags);
            telemetry.Tokens(CallTelemetry.OfCompletion, "output", Usage.OutputTokens, tags);
        }

        events.Ended(this);
    }

    private void Count(string text)
    {
        FirstTokenAt ??= clock.GetUtcNow();
        _firstToken ??= clock.GetElapsedTime(_calledAt).TotalMilliseconds;
        Length += text.Length;
        _outputEstimate += TokenEstimate.Of(text);
    }
}
