using Calango.Core.Chat;

namespace Calango.Web.Pages.History;

/// <summary>A folder in the sidebar.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Folders">Those in it.</param>
/// <param name="Chats">The chats in it; null: it is collapsed, and nothing in it was read.</param>
public sealed record FolderBranch(Folder Folder, IReadOnlyList<FolderBranch> Folders, ConversationList? Chats)
{
    /// <summary>Reads those that lie in a folder, or in none.</summary>
    public static async Task<IReadOnlyList<FolderBranch>> ReadAsync(ConversationLists lists, FolderTree tree, Folder? parent, Guid? current, CancellationToken cancellationToken)
    {
        var branches = new List<FolderBranch>();
        foreach (var folder in tree.In(parent?.Id))
        {
            branches.Add(await ReadOneAsync(lists, tree, folder, current, cancellationToken));
        }

        return branches;
    }

    /// <summary>Reads one.</summary>
    public static async Task<FolderBranch> ReadOneAsync(ConversationLists lists, FolderTree tree, Folder folder, Guid? current, CancellationToken cancellationToken)
    {
        if (folder.IsCollapsed)
        {
            return new FolderBranch(folder, [], Chats: null);
        }

        var chats = await lists.ListAsync(folder.AccountId, new ConversationFilter(ChatShelf.Loose, folder.Id), before: null, Sidebar.FolderPageSize, cancellationToken);
        return new FolderBranch(folder, await ReadAsync(lists, tree, folder, current, cancellationToken), new ConversationList(chats, PeriodBefore: null, current));
    }
}
