namespace Calango.Core.Exchange;

/// <summary>A chat of another program, in what all of them have. Its messages are a tree by their keys.</summary>
/// <param name="Key">What it is called there, and stays.</param>
/// <param name="Title">Its title.</param>
/// <param name="Messages">Its messages.</param>
internal sealed record ForeignChat(string Key, string? Title, IReadOnlyList<ForeignMessage> Messages)
{
    /// <summary>When it was made; null: that is not said.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When somebody last wrote in it.</summary>
    public DateTimeOffset? ActiveAt { get; init; }

    /// <summary>The model that answers where a message names none.</summary>
    public string? Model { get; init; }

    /// <summary>What goes before every prompt.</summary>
    public string? SystemPrompt { get; init; }

    /// <summary>How its turns run.</summary>
    public double? Temperature { get; init; }

    /// <summary>The message at the end of the path that is shown; null: the last one.</summary>
    public string? CurrentKey { get; init; }
}

/// <summary>A message of another program.</summary>
/// <param name="Key">What it is called there.</param>
/// <param name="ParentKey">What it follows; null: nothing.</param>
/// <param name="Role">Who wrote it.</param>
/// <param name="Parts">What is in it, in order.</param>
internal sealed record ForeignMessage(string Key, string? ParentKey, ForeignRole Role, IReadOnlyList<ForeignPart> Parts)
{
    /// <summary>When it was written; null: that is not said.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>The model that wrote it.</summary>
    public string? Model { get; init; }

    /// <summary>It ended before all was said.</summary>
    public bool IsCut { get; init; }

    /// <summary>Tokens of the prompt, where they are said.</summary>
    public int? InputTokens { get; init; }

    /// <summary>Tokens of the answer, where they are said.</summary>
    public int? OutputTokens { get; init; }
}

/// <summary>Who wrote a message of another program.</summary>
internal enum ForeignRole
{
    /// <summary>A person.</summary>
    Person,

    /// <summary>A model, or a tool that it called: together they are one answer here.</summary>
    Model,

    /// <summary>Nobody that one sees there.</summary>
    Hidden,
}

/// <summary>A part of a message of another program.</summary>
internal abstract record ForeignPart
{
    /// <summary>Markdown.</summary>
    public sealed record Said(string Text) : ForeignPart;

    /// <summary>What the model thought.</summary>
    public sealed record Thought(string Text) : ForeignPart;

    /// <summary>A tool is called.</summary>
    public sealed record Call(string Tool, string Arguments, string? Key) : ForeignPart;

    /// <summary>What came of a call.</summary>
    public sealed record Result(string Tool, string Text, string? Key, bool Failed = false) : ForeignPart;
}
