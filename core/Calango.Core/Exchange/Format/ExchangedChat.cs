using Calango.Core.Chat;

namespace Calango.Core.Exchange;

/// <summary>What a chat is, and how its next turn would run.</summary>
/// <param name="Id">Id.</param>
/// <param name="Title">Null: it has none yet.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ActiveAt">When somebody last wrote in it.</param>
internal sealed record ExchangedChat(Guid Id, string? Title, DateTimeOffset CreatedAt, DateTimeOffset ActiveAt)
{
    /// <inheritdoc cref="Conversation.TitleSource"/>
    public TitleSource TitleSource { get; init; }

    /// <inheritdoc cref="Conversation.TitleModelName"/>
    public string? TitleModel { get; init; }

    /// <inheritdoc cref="Conversation.TitleInputTokens"/>
    public int TitleInputTokens { get; init; }

    /// <inheritdoc cref="Conversation.TitleOutputTokens"/>
    public int TitleOutputTokens { get; init; }

    /// <inheritdoc cref="Conversation.TitleCostNanoUsd"/>
    public long? TitleCostNanoUsd { get; init; }

    /// <summary>When it was deleted; null: it isn't.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <inheritdoc cref="Conversation.PinnedAt"/>
    public DateTimeOffset? PinnedAt { get; init; }

    /// <inheritdoc cref="Conversation.ArchivedAt"/>
    public DateTimeOffset? ArchivedAt { get; init; }

    /// <summary>The names of the folders that it lies in, the outermost first; null: it lies in none.</summary>
    public IReadOnlyList<string>? Folder { get; init; }

    /// <summary>The tags that it has; null: none.</summary>
    public IReadOnlyList<ExchangedTag>? Tags { get; init; }

    /// <inheritdoc cref="Conversation.ConnectionId"/>
    public Guid? ConnectionId { get; init; }

    /// <inheritdoc cref="Conversation.ModelId"/>
    public string? Model { get; init; }

    /// <inheritdoc cref="Conversation.SystemPrompt"/>
    public string? SystemPrompt { get; init; }

    /// <inheritdoc cref="Conversation.Temperature"/>
    public double? Temperature { get; init; }

    /// <inheritdoc cref="Conversation.MaxOutputTokens"/>
    public int? MaxOutputTokens { get; init; }

    /// <inheritdoc cref="Conversation.TokenLimit"/>
    public int? TokenLimit { get; init; }

    /// <inheritdoc cref="Conversation.KeepsAnswers"/>
    public bool KeepsAnswers { get; init; }

    /// <inheritdoc cref="Conversation.IsImpersonal"/>
    public bool IsImpersonal { get; init; }

    /// <inheritdoc cref="Conversation.ToolChoice"/>
    public IReadOnlyList<string> Tools { get; init; } = [];

    /// <inheritdoc cref="Conversation.CollectionChoice"/>
    public IReadOnlyList<Guid> Collections { get; init; } = [];

    /// <inheritdoc cref="Conversation.HeadId"/>
    public Guid? HeadId { get; init; }

    /// <summary>The documents that are its own; null: it has none.</summary>
    public ExchangedFiles? Files { get; init; }

    /// <summary>Writes down what a chat is.</summary>
    public static ExchangedChat Of(Conversation chat, ExchangedFiles? files) => new(chat.Id, chat.Title, chat.CreatedAt, chat.ActiveAt)
    {
        TitleSource = chat.TitleSource,
        TitleModel = chat.TitleModelName,
        TitleInputTokens = chat.TitleInputTokens,
        TitleOutputTokens = chat.TitleOutputTokens,
        TitleCostNanoUsd = chat.TitleCostNanoUsd,
        DeletedAt = chat.DeletedAt,
        PinnedAt = chat.PinnedAt,
        ArchivedAt = chat.ArchivedAt,
        ConnectionId = chat.ConnectionId,
        Model = chat.ModelId,
        SystemPrompt = chat.SystemPrompt,
        Temperature = chat.Temperature,
        MaxOutputTokens = chat.MaxOutputTokens,
        TokenLimit = chat.TokenLimit,
        KeepsAnswers = chat.KeepsAnswers,
        IsImpersonal = chat.IsImpersonal,
        Tools = chat.ToolChoice,
        Collections = chat.CollectionChoice,
        HeadId = chat.HeadId,
        Files = files,
    };
}

/// <summary>A tag of a chat.</summary>
/// <param name="Name">For people.</param>
/// <param name="Color">How it looks.</param>
internal sealed record ExchangedTag(string Name, TagColor Color);

/// <summary>The documents that are a chat's own.</summary>
/// <param name="CollectionId">The collection that they are in.</param>
/// <param name="CreatedAt">When that was made.</param>
/// <param name="Documents">They.</param>
internal sealed record ExchangedFiles(Guid CollectionId, DateTimeOffset CreatedAt, IReadOnlyList<ExchangedFile> Documents);

/// <summary>A document of a chat; <paramref name="Path"/> is where its bytes are in the archive, or null where they were left out.</summary>
internal sealed record ExchangedFile(Guid Id, string Name, DateTimeOffset AddedAt, long Length, string Sha256, string? Path)
{
    /// <summary>The address of the page that it was; null: it was none.</summary>
    public string? Address { get; init; }
}
