using Calango.Core.Chat;

namespace Calango.Core.Exchange;

/// <summary>A message. Those with the same parent are each other's alternatives; <see cref="SelectedChildId"/> is the one that is shown.</summary>
internal sealed record ExchangedMessage(Guid Id, Guid? ParentId, long Sequence, MessageRole Role, string Text, DateTimeOffset CreatedAt)
{
    /// <inheritdoc cref="Message.Reasoning"/>
    public string? Reasoning { get; init; }

    /// <inheritdoc cref="Message.Edited"/>
    public bool Edited { get; init; }

    /// <inheritdoc cref="Message.SelectedChildId"/>
    public Guid? SelectedChildId { get; init; }

    /// <summary>How a model came to it; null: none did.</summary>
    public PastTurn? Turn { get; init; }

    /// <summary>What was really sent for it; null: that is not kept.</summary>
    public ExchangedTrace? Trace { get; init; }

    /// <summary>The calls of tools in it, in order; null: none.</summary>
    public IReadOnlyList<PastToolUse>? ToolUses { get; init; }

    /// <summary>What of documents the model was given for it; null: nothing.</summary>
    public IReadOnlyList<ExchangedSource>? Sources { get; init; }
}

/// <summary>What was really sent for an answer, and how the calls went.</summary>
internal sealed record ExchangedTrace(IReadOnlyList<TracedMessage> Prompt, TracedParameters Parameters, IReadOnlyList<TracedAttempt> Attempts);

/// <summary>What of a document was given to the model for an answer.</summary>
internal sealed record ExchangedSource(int Number, Guid CollectionId, Guid DocumentId, string Document, int Ordinal, string Headings, string Text)
{
    /// <inheritdoc cref="TurnSource.Page"/>
    public int? Page { get; init; }

    /// <inheritdoc cref="TurnSource.LastPage"/>
    public int? LastPage { get; init; }

    /// <inheritdoc cref="TurnSource.IsWhole"/>
    public bool IsWhole { get; init; }

    /// <inheritdoc cref="TurnSource.Coverage"/>
    public double Coverage { get; init; }

    /// <inheritdoc cref="TurnSource.Cosine"/>
    public double? Cosine { get; init; }

    /// <inheritdoc cref="TurnSource.Score"/>
    public double Score { get; init; }

    public static ExchangedSource Of(TurnSource source) =>
        new(source.Number, source.CollectionId, source.DocumentId, source.DocumentName, source.Ordinal, source.Headings, source.Text)
        {
            Page = source.Page,
            LastPage = source.LastPage,
            IsWhole = source.IsWhole,
            Coverage = source.Coverage,
            Cosine = source.Cosine,
            Score = source.Score,
        };

    public TurnSource For(Guid turnId) => new()
    {
        TurnId = turnId,
        Number = Number,
        CollectionId = CollectionId,
        DocumentId = DocumentId,
        DocumentName = Document,
        Ordinal = Ordinal,
        Headings = Headings,
        Page = Page,
        LastPage = LastPage,
        Text = Text,
        IsWhole = IsWhole,
        Coverage = Coverage,
        Cosine = Cosine,
        Score = Score,
    };
}
