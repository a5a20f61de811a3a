using Calango.Core.Models;
using Microsoft.Extensions.AI;

namespace Calango.Core.Chat;

/// <summary>What is known of an answer while it comes, besides its text.</summary>
internal sealed class AnswerInProgress
{
    private long? _reasoningSince;
    private TimeSpan _reasoned;

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
        var input = (int?)Usage?.InputTokenCount;
        var output = (int?)Usage?.OutputTokenCount;
        var called = run.Attempts.Count > 0;
        var estimated = called && (input is null || output is null);
        if (estimated)
        {
            var written = run.Log.Read(0);
            input ??= PromptTokens;
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
            CostNanoUsd = Model is null ? null : ModelCost.NanoUsd(Model, input ?? 0, output ?? 0),
        };
    }
}
