namespace Calango.Core.Sharing;

/// <summary>A link as whoever made it sees it.</summary>
/// <param name="Id">The link.</param>
/// <param name="ChatId">The chat.</param>
/// <param name="ChatTitle">Its title; null: it has none yet.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record ShareOverview(Guid Id, Guid ChatId, string? ChatTitle, DateTimeOffset CreatedAt)
{
    /// <summary>What the link holds; null: the keys are lost with which it was closed, and nobody can be shown it again.</summary>
    public string? Token { get; init; }

    /// <inheritdoc cref="Share.IsLive"/>
    public bool IsLive { get; init; }

    /// <inheritdoc cref="Share.HasPassword"/>
    public bool HasPassword { get; init; }

    /// <inheritdoc cref="Share.ExpiresAt"/>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <inheritdoc cref="Share.Views"/>
    public int Views { get; init; }

    /// <inheritdoc cref="Share.ViewedAt"/>
    public DateTimeOffset? ViewedAt { get; init; }

    /// <summary>Whether its time is over.</summary>
    public bool IsOver { get; init; }
}
