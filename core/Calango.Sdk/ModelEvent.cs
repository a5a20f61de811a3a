namespace Calango.Sdk;

/// <summary>
/// What a model was asked to do, and how it went. Ids, names of models, numbers and codes; what people and models wrote
/// is in <see cref="Text"/> only, which is null unless an administrator has allowed it for the sink. Immutable. Its text
/// form is its id.
/// </summary>
public sealed record ModelEvent
{
    /// <summary>Names this event: the answer's message, or an id of its own.</summary>
    public required Guid Id { get; init; }

    /// <summary>What the model was asked for.</summary>
    public required ModelTask Task { get; init; }

    /// <summary>The turn that it belongs to; of an answer the same as <see cref="Id"/>.</summary>
    public required Guid TurnId { get; init; }

    /// <summary>The chat.</summary>
    public required Guid ConversationId { get; init; }

    /// <summary>Whose chat it is.</summary>
    public required Guid AccountId { get; init; }

    /// <summary>The model, as its service names it; null where no connection has the one that was asked for.</summary>
    public string? ModelId { get; init; }

    /// <summary>Whose it is, as OpenTelemetry's conventions name it where they do: <c>openai</c>, <c>anthropic</c>.</summary>
    public string? Provider { get; init; }

    /// <summary>How it ended.</summary>
    public required ModelOutcome Outcome { get; init; }

    /// <summary>Why it did not end well: a code such as <c>provider.rateLimited</c>; null: it did, or somebody stopped it.</summary>
    public string? FailureCode { get; init; }

    /// <summary>Why the model stopped: <c>stop</c>, <c>length</c>, <c>content_filter</c> or <c>tool_calls</c>; null: it did not say one of these.</summary>
    public string? FinishReason { get; init; }

    /// <summary>When the model was called, or when it was asked for where none could be.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When the first token came; null: none did, or nobody looked.</summary>
    public DateTimeOffset? FirstTokenAt { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>Tokens of the prompt; null: not known, or no model was called.</summary>
    public int? InputTokens { get; init; }

    /// <summary>Tokens of the answer, its reasoning included.</summary>
    public int? OutputTokens { get; init; }

    /// <summary>The service did not count: the numbers of tokens are the kernel's estimate.</summary>
    public bool TokensEstimated { get; init; }

    /// <summary>In US dollars; null: no price is known.</summary>
    public decimal? CostUsd { get; init; }

    /// <summary>How often a service was called for it.</summary>
    public int Calls { get; init; }

    /// <summary>Another model answered than the one that was wanted.</summary>
    public bool IsFallback { get; init; }

    /// <summary>No model was asked: the answer had been kept.</summary>
    public bool WasKept { get; init; }

    /// <summary>The sampling temperature that was sent.</summary>
    public float? Temperature { get; init; }

    /// <summary>The longest answer that was asked for, in tokens.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>The calls of tools that the model wanted, in their order.</summary>
    public IReadOnlyList<ToolCallEvent> ToolCalls { get; init; } = [];

    /// <summary>What somebody thinks of the answer; null: that isn't what the event is about.</summary>
    public AnswerRating? Rating { get; init; }

    /// <summary>What was said; null: the sink may not see it.</summary>
    public ModelEventText? Text { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Id.ToString();
}

/// <summary>What somebody thinks of an answer. Immutable.</summary>
/// <param name="IsGood">It helped, or it did not; null: they have taken back what they said.</param>
/// <param name="Reasons">Why, in words such as <c>correct</c>, <c>incomplete</c> or <c>tooLong</c>; others may come along.</param>
public sealed record AnswerRating(bool? IsGood, IReadOnlyList<string> Reasons);

/// <summary>What a model was asked for.</summary>
public enum ModelTask
{
    /// <summary>An answer in a chat.</summary>
    Answer,

    /// <summary>The title of a chat.</summary>
    Title,

    /// <summary>Nothing: an administrator tries out whether events arrive. Its ids belong to nobody.</summary>
    Test,

    /// <summary>An answer to a program. It belongs to no chat: that id is empty, and the turn's is its own.</summary>
    Completion,

    /// <summary>A question said in full, so that documents can be searched for it. It belongs to the turn that answers it.</summary>
    Question,

    /// <summary>Nothing: somebody has said what they think of a turn's answer, or taken it back. See <see cref="ModelEvent.Rating"/>; what counts is the last of a turn.</summary>
    Rating,
}

/// <summary>How a task of a model ended.</summary>
public enum ModelOutcome
{
    /// <summary>The model said all it had to say, or all it was allowed to.</summary>
    Complete,

    /// <summary>Somebody stopped it.</summary>
    Stopped,

    /// <summary>The model could not be asked, or said no.</summary>
    Failed,

    /// <summary>The answer was cut.</summary>
    Interrupted,
}

/// <summary>What was said. Immutable. Its text form says nothing.</summary>
/// <param name="prompt">As it was sent.</param>
/// <param name="answer">As far as it came.</param>
public sealed class ModelEventText(IReadOnlyList<PromptMessage> prompt, string answer)
{
    /// <summary>The prompt as it was sent.</summary>
    public IReadOnlyList<PromptMessage> Prompt { get; } = prompt;

    /// <summary>The answer as far as it came, without its reasoning; empty: none came.</summary>
    public string Answer { get; } = answer;

    /// <summary>What somebody said of the answer; empty: nothing, or the event isn't about that.</summary>
    public string Comment { get; init; } = "";

    /// <summary>What was said in the calls of tools: one for each of <see cref="ModelEvent.ToolCalls"/>, in the same order.</summary>
    public IReadOnlyList<ToolCallText> ToolCalls { get; init; } = [];
}

/// <summary>A message of a prompt. Its text form says nothing.</summary>
/// <param name="role"><c>system</c>, <c>user</c> or <c>assistant</c>.</param>
/// <param name="text">The text.</param>
public sealed class PromptMessage(string role, string text)
{
    /// <summary><c>system</c>, <c>user</c> or <c>assistant</c>.</summary>
    public string Role { get; } = role;

    /// <summary>The text.</summary>
    public string Text { get; } = text;
}
