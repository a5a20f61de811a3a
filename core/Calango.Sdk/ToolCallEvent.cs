namespace Calango.Sdk;

/// <summary>A call of a tool in an answer, and how it went. What was said in it is in <see cref="ModelEventText.ToolCalls"/> only. Immutable.</summary>
public sealed record ToolCallEvent
{
    /// <summary>Names this call: the same each time that the event is sent.</summary>
    public required Guid Id { get; init; }

    /// <summary>The tool, as the model was told of it; null: the model made its name up.</summary>
    public string? Tool { get; init; }

    /// <summary>The plugin that has the tool; null where <see cref="Tool"/> is.</summary>
    public string? PluginId { get; init; }

    /// <summary>How it ended.</summary>
    public required ToolCallOutcome Outcome { get; init; }

    /// <summary>The tool was not called again: the result of the same call before was taken.</summary>
    public bool WasKept { get; init; }

    /// <summary>When the tool was called, or when the model wanted it where it was not.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset EndedAt { get; init; }
}

/// <summary>How a call of a tool ended.</summary>
public enum ToolCallOutcome
{
    /// <summary>There is a result.</summary>
    Done,

    /// <summary>The tool could not be called, or says that something went wrong.</summary>
    Failed,

    /// <summary>A person said no.</summary>
    Denied,

    /// <summary>The answer ended before: it is not known whether the tool did it.</summary>
    Interrupted,
}

/// <summary>What was said in a call of a tool. Immutable. Its text form says nothing.</summary>
/// <param name="arguments">As the model sent them: JSON.</param>
/// <param name="result">What the model was told.</param>
public sealed class ToolCallText(string arguments, string result)
{
    /// <summary>As the model sent them: JSON.</summary>
    public string Arguments { get; } = arguments;

    /// <summary>What the model was told: the tool's result, or why there is none; empty: nothing.</summary>
    public string Result { get; } = result;
}
