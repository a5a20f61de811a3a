namespace Calango.Core.Chat;

/// <summary>What can be done to chats, one or many at once.</summary>
public enum ChatAct
{
    /// <summary>Put them above the others.</summary>
    Pin,

    /// <summary>Put them among the others again.</summary>
    Unpin,

    /// <summary>Put them away.</summary>
    Archive,

    /// <summary>Bring back what was put away.</summary>
    Unarchive,

    /// <summary>Put them into a folder, or out of any.</summary>
    Move,

    /// <summary>Give them a tag.</summary>
    Tag,

    /// <summary>Take a tag off.</summary>
    Untag,

    /// <summary>Delete them, so that they can still be brought back.</summary>
    Trash,
}

/// <summary>A chat as it was before an act.</summary>
/// <param name="Id">The chat.</param>
/// <param name="FolderId">The folder that it lay in; null: in none.</param>
public sealed record PlacedChat(Guid Id, Guid? FolderId)
{
    /// <summary>The form for fields of a form.</summary>
    public override string ToString() => FolderId is { } folder ? $"{Id:N}.{folder:N}" : $"{Id:N}";

    /// <summary>Reads the form that <see cref="ToString"/> writes; null if it isn't that.</summary>
    public static PlacedChat? Parse(string? text) => text?.Split('.') switch
    {
        [var id] when Guid.TryParse(id, out var chat) => new PlacedChat(chat, null),
        [var id, var folder] when Guid.TryParse(id, out var chat) && Guid.TryParse(folder, out var place) => new PlacedChat(chat, place),
        _ => null,
    };
}

internal static class ChatActOpposite
{
    /// <summary>What takes it back; of a move it is one as well, and a deletion has its own way back.</summary>
    public static ChatAct Opposite(this ChatAct act) => act switch
    {
        ChatAct.Pin => ChatAct.Unpin,
        ChatAct.Unpin => ChatAct.Pin,
        ChatAct.Archive => ChatAct.Unarchive,
        ChatAct.Unarchive => ChatAct.Archive,
        ChatAct.Tag => ChatAct.Untag,
        ChatAct.Untag => ChatAct.Tag,
        _ => act,
    };
}
