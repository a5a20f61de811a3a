using System.Linq.Expressions;

namespace Calango.Core.Chat;

/// <summary>A line of a list of chats.</summary>
/// <param name="Id">The chat.</param>
/// <param name="Title">Null: it has none yet.</param>
/// <param name="ActiveAt">When somebody last wrote in it.</param>
public sealed record ConversationItem(Guid Id, string? Title, DateTimeOffset ActiveAt)
{
    internal static readonly Expression<Func<Conversation, ConversationItem>> Shown = chat => new ConversationItem(chat.Id, chat.Title, chat.ActiveAt)
    {
        IsPinned = chat.PinnedAt != null,
        IsArchived = chat.ArchivedAt != null,
        FolderId = chat.FolderId,
        DeletedAt = chat.DeletedAt,
    };

    /// <summary>An answer is being written.</summary>
    public bool Running { get; init; }

    /// <summary>It stands above the others.</summary>
    public bool IsPinned { get; init; }

    /// <summary>It was put away.</summary>
    public bool IsArchived { get; init; }

    /// <summary>The folder that it lies in; null: in none.</summary>
    public Guid? FolderId { get; init; }

    /// <summary>When it was deleted; null: it was not.</summary>
    public DateTimeOffset? DeletedAt { get; init; }
}

/// <summary>A part of a list of chats.</summary>
/// <param name="Items">In order.</param>
/// <param name="Next">Where the next part starts; null: this is the last.</param>
public sealed record ConversationPage(IReadOnlyList<ConversationItem> Items, ConversationCursor? Next);
