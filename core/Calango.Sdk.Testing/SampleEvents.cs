namespace Calango.Sdk.Testing;

/// <summary>Events to send.</summary>
public static class SampleEvents
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, 250, TimeSpan.Zero);

    /// <summary>An answer of which everything is known but its text.</summary>
    public static ModelEvent Answer => New();

    /// <summary>Another one.</summary>
    public static ModelEvent New()
    {
        var id = Guid.CreateVersion7();
        return new ModelEvent
        {
            Id = id,
            Task = ModelTask.Answer,
            TurnId = id,
            ConversationId = Guid.CreateVersion7(),
            AccountId = Guid.CreateVersion7(),
            ModelId = "some-model-7b",
            Provider = "some-provider",
            Outcome = ModelOutcome.Complete,
            FinishReason = "stop",
            StartedAt = Start,
            FirstTokenAt = Start.AddMilliseconds(400),
            EndedAt = Start.AddSeconds(3),
            InputTokens = 10,
            OutputTokens = 20,
            CostUsd = 0.0005m,
            Calls = 1,
            Temperature = 0.7f,
            MaxOutputTokens = 1000,
        };
    }

    /// <summary>An answer for which a tool was called, and another was not.</summary>
    public static ModelEvent WithTools() => New() with
    {
        ToolCalls =
        [
            new ToolCallEvent { Id = Guid.CreateVersion7(), Tool = "some_tool", PluginId = "some-plugin", Outcome = ToolCallOutcome.Done, StartedAt = Start.AddSeconds(1), EndedAt = Start.AddSeconds(2) },
            new ToolCallEvent { Id = Guid.CreateVersion7(), Outcome = ToolCallOutcome.Failed, StartedAt = Start.AddSeconds(2), EndedAt = Start.AddSeconds(2) },
        ],
    };

    /// <summary>A question after a system prompt, and an answer.</summary>
    public static ModelEventText Text(string question, string answer) => new([new PromptMessage("system", "Be brief."), new PromptMessage("user", question)], answer);

    /// <summary>What was said in the calls of <see cref="WithTools"/>.</summary>
    public static ModelEventText TextWithTools(string arguments, string result) =>
        new([new PromptMessage("user", "Go")], "Gone.") { ToolCalls = [new ToolCallText(arguments, result), new ToolCallText("{}", "")] };
}
