using Calango.Core.Models;
using Microsoft.Extensions.AI;

namespace Calango.Core.Chat;

/// <summary>What is known of an answer while it comes, besides its text.</summary>
internal sealed class AnswerInProgress
{
    private long? _reasoningSince;
    private TimeSpan _reasoned;
    private long? _inputBefore = 0, _outputBefore = 0;
    private readonly List<ChatResponseUpdate> _updates = [];

    public DateTimeOffset? FirstTokenAt { get; set; }

    public string? FinishReason { get; set; }

    public UsageDetails? Usage { get; set; }

    /// <summary>UTF-16 units that came, reasoning included.</summary>
    public int Length { get; set; }

    /// <summary>Our estimate of the prompt's tokens.</summary>
    public int PromptTokens { get; set; }

    /// <summary>The model that is being asked.</summary>
    public CatalogModel? Model { get; set; }

    /// <summary>Those of the call that is going on, or was last.</summary>
    public TurnTimeLimits? Limits { get; set; }

    /// <summary>When the first call began, as a timestamp of the clock.</summary>
    public long? CalledAt { get; set; }

    public bool HasStarted => FirstTokenAt is not null;

    /// <summary>How many rounds of calls of tools there were.</summary>
    public int Round { get; private set; }

    /// <summary>Something has come since the model was called last.</summary>
    public bool RoundHasStarted { get; set; }

    /// <summary>The tools that the model wants called since then.</summary>
    public List<FunctionCallContent> Calls { get; } = [];

    /// <summary>What went on between the model and the tools so far: what follows the prompt.</summary>
    public List<ChatMessage> Exchange { get; } = [];

    /// <summary>The model wants tools called, and has said all else. Calls that were cut are none.</summary>
    public bool WantsTools => Calls.Count > 0 && FinishReason is not null and not "length" and not "content_filter";

    /// <summary>The model is called, once more or again.</summary>
    public void BeginCall()
    {
        (Model, Limits, FinishReason, Usage, RoundHasStarted) = (null, null, null, null, false);
        Calls.Clear();
        _updates.Clear();
    }

    /// <summary>Remembers what must go back to the model together with the results: its thoughts may be signed.</summary>
    public void Remember(ChatResponseUpdate update)
    {
        _updates.Add(update);
        Calls.AddRange(update.Contents.OfType<FunctionCallContent>());
    }

    /// <summary>The tools have done what the model wanted.</summary>
    public void EndRound(IReadOnlyList<ToolUse> uses)
    {
        Exchange.AddRange(_updates.ToChatResponse().Messages);
        Exchange.Add(new ChatMessage(ChatRole.Tool, [.. Calls.Zip(uses, (call, use) => new FunctionResultContent(call.CallId, use.Result))]));
        (_inputBefore, _outputBefore) = (_inputBefore + Usage?.InputTokenCount, _outputBefore + Usage?.OutputTokenCount);
        Round++;
    }

    /// <summary>What tools and people take doesn't count as the model's time.</summary>
    public void ToolsTook(TimeSpan time, TimeProvider clock) => CalledAt += (long)(time.TotalSeconds * clock.TimestampFrequency);

    public void BeginReasoning(TimeProvider clock) => _reasoningSince ??= clock.GetTimestamp();

    public void EndReasoning(TimeProvider clock)
    {
        if (_reasoningSince is { } since)
        {
            _reasoned += clock.GetElapsedTime(since);
            _reasoningSince = null;
        }
    }

    /// <summary>Adds to an end what was counted on the way.</summary>
    public TurnEnd CompleteEnd(TurnEnd end, TurnRun run, TimeProvider clock)
    {
        EndReasoning(clock);
        var input = (int?)(_inputBefore + Usage?.InputTokenCount);
        var output = (int?)(_outputBefore + Usage?.OutputTokenCount);
        var called = run.Attempts.Count > 0;
        var estimated = called && (input is null || output is null);
        if (estimated)
        {
            var written = run.Log.Read(0);
            input ??= PromptTokens * (Round + 1);
            output ??= TokenEstimate.Of(written.Reasoning) + TokenEstimate.Of(written.Text.AsSpan(Math.Min(run.TextBefore.Length, written.Text.Length)));
        }

        return end with
        {
            FirstTokenAt = FirstTokenAt,
            FinishReason = FinishReason,
            ReasoningMilliseconds = _reasoned > TimeSpan.Zero ? (int)_reasoned.TotalMilliseconds : null,
            InputTokens = input,
            OutputTokens = output,
            TokensEstimated = estimated,
            ContextTokens = Round > 0 ? (int?)(Usage?.InputTokenCount + Usage?.OutputTokenCount) : null,
            CostNanoUsd = Model is null ? null : ModelCost.NanoUsd(Model, input ?? 0, output ?? 0),
        };
    }
}
