using Calango.Core.Data;
using Calango.Core.Errors;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Chat;

/// <summary>A person's folders. Thread-safe.</summary>
public sealed class Folders(Database database)
{
    /// <summary>All of them, each before those that lie in it.</summary>
    public Task<FolderTree> TreeAsync(Guid accountId, CancellationToken cancellationToken) => database.ReadAsync(
        async db => FolderTree.Of(await db.Set<Folder>().Where(folder => folder.AccountId == accountId).ToListAsync(cancellationToken)), cancellationToken);

    /// <summary>One; it must be there.</summary>
    /// <exception cref="NotFoundException">It is not there, or somebody else's.</exception>
    public async Task<Folder> FindAsync(Guid accountId, Guid id, CancellationToken cancellationToken) => await database.ReadAsync(
        db => db.Set<Folder>().SingleOrDefaultAsync(folder => folder.Id == id && folder.AccountId == accountId, cancellationToken), cancellationToken) ?? throw new NotFoundException();

    /// <summary>Makes one, below the others in the same place.</summary>
    /// <exception cref="NotFoundException">The folder that it is to lie in is not there.</exception>
    /// <exception cref="RejectedException"><c>folder.empty</c>, <c>folder.tooMany</c>, <c>folder.tooDeep</c>.</exception>
    public Task<Folder> AddAsync(Guid accountId, string name, Guid? parentId, CancellationToken cancellationToken) => WithAllAsync(
        accountId,
        (db, folders) =>
        {
            if (folders.Count >= Folder.Most)
            {
                throw new RejectedException("folder.tooMany", ("most", $"{Folder.Most}"));
            }

            var folder = new Folder { Id = Guid.CreateVersion7(), AccountId = accountId, Name = Accepted(name) };
            folders.Add(folder);
            Place(folders, folder, parentId, beforeId: null);
            db.Add(folder);
            return folder;
        },
        cancellationToken);

    /// <summary>Names one.</summary>
    /// <exception cref="NotFoundException">It is not there.</exception>
    /// <exception cref="RejectedException"><c>folder.empty</c>.</exception>
    public Task RenameAsync(Guid accountId, Guid id, string name, CancellationToken cancellationToken) =>
        WithAllAsync(accountId, (_, folders) => One(folders, id).Name = Accepted(name), cancellationToken);

    /// <summary>Shows what lies in it beside the chats, or not.</summary>
    /// <exception cref="NotFoundException">It is not there.</exception>
    public Task CollapseAsync(Guid accountId, Guid id, bool isCollapsed, CancellationToken cancellationToken) =>
        WithAllAsync(accountId, (_, folders) => One(folders, id).IsCollapsed = isCollapsed, cancellationToken);

    /// <summary>Puts one into another, or out of any, with all that lies in it.</summary>
    /// <param name="accountId">Whose.</param>
    /// <param name="id">The folder.</param>
    /// <param name="parentId">Where to; null: into none.</param>
    /// <param name="beforeId">The folder there that it comes before; null: it comes last.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NotFoundException">One of them is not there.</exception>
    /// <exception cref="RejectedException"><c>folder.circle</c>, <c>folder.tooDeep</c>.</exception>
    public Task MoveAsync(Guid accountId, Guid id, Guid? parentId, Guid? beforeId, CancellationToken cancellationToken) => WithAllAsync(
        accountId,
        (_, folders) =>
        {
            var folder = One(folders, id);
            Place(folders, folder, parentId, beforeId);
            return folder;
        },
        cancellationToken);

    /// <summary>Changes places with the one above or below it in the same folder. Nothing happens to the first and the last.</summary>
    /// <exception cref="NotFoundException">It is not there.</exception>
    public Task StepAsync(Guid accountId, Guid id, int step, CancellationToken cancellationToken) => WithAllAsync(
        accountId,
        (_, folders) =>
        {
            var folder = One(folders, id);
            var siblings = Siblings(folders, folder.ParentId);
            var place = siblings.IndexOf(folder) + Math.Sign(step);
            if (place >= 0 && place < siblings.Count)
            {
                siblings.Remove(folder);
                siblings.Insert(place, folder);
                Number(siblings);
            }

            return folder;
        },
        cancellationToken);

    /// <summary>Removes one. The chats and folders in it move to where it lay.</summary>
    /// <exception cref="NotFoundException">It is not there.</exception>
    public Task RemoveAsync(Guid accountId, Guid id, CancellationToken cancellationToken) => database.WriteAsync(
        async db =>
        {
            var folders = await HoldAsync(db, accountId, cancellationToken);
            var folder = One(folders, id);
            var siblings = Siblings(folders, folder.ParentId);
            var children = Siblings(folders, id);
            children.ForEach(child => child.ParentId = folder.ParentId);
            siblings.InsertRange(siblings.IndexOf(folder), children);
            siblings.Remove(folder);
            Number(siblings);
            await db.SaveChangesAsync(cancellationToken);
            // The deleted ones, too: they come back to where it lay.
            await db.Set<Conversation>().Where(chat => chat.AccountId == accountId && chat.FolderId == id).ExecuteUpdateAsync(set => set.SetProperty(chat => chat.FolderId, folder.ParentId), cancellationToken);
            db.Remove(folder);
            await db.SaveChangesAsync(cancellationToken);
        },
        cancellationToken);

    private Task<T> WithAllAsync<T>(Guid accountId, Func<CalangoDb, List<Folder>, T> change, CancellationToken cancellationToken) => database.WriteAsync(
        async db =>
        {
            var changed = change(db, await HoldAsync(db, accountId, cancellationToken));
            await db.SaveChangesAsync(cancellationToken);
            return changed;
        },
        cancellationToken);

    // One change at a time: two at once could put two folders into each other, where nobody would find them.
    private static async Task<List<Folder>> HoldAsync(CalangoDb db, Guid accountId, CancellationToken cancellationToken)
    {
        await db.HoldOrderAsync(accountId, cancellationToken);
        return await db.Set<Folder>().AsTracking().Where(folder => folder.AccountId == accountId).ToListAsync(cancellationToken);
    }

    private static void Place(List<Folder> folders, Folder folder, Guid? parentId, Guid? beforeId)
    {
        var tree = FolderTree.Of(folders);
        var depth = parentId is { } parent ? tree.DepthOf(One(folders, parent)) : 0;
        if (parentId is { } into && tree.Has(folder.Id, into))
        {
            throw new RejectedException("folder.circle");
        }

        if (depth + tree.HeightOf(folder) > Folder.MaxDepth)
        {
            throw new RejectedException("folder.tooDeep", ("most", $"{Folder.MaxDepth}"));
        }

        folder.ParentId = parentId;
        var siblings = Siblings(folders, parentId);
        siblings.Remove(folder);
        var place = siblings.FindIndex(sibling => sibling.Id == beforeId);
        siblings.Insert(place < 0 ? siblings.Count : place, folder);
        Number(siblings);
    }

    private static List<Folder> Siblings(List<Folder> folders, Guid? parentId) =>
        [.. folders.Where(folder => folder.ParentId == parentId).OrderBy(folder => folder.Position).ThenBy(folder => folder.Id)];

    private static void Number(List<Folder> siblings)
    {
        foreach (var (place, folder) in siblings.Index())
        {
            folder.Position = place;
        }
    }

    private static Folder One(List<Folder> folders, Guid id) => folders.Find(folder => folder.Id == id) ?? throw new NotFoundException();

    private static string Accepted(string name)
    {
        name = MessageText.Clean(name).Replace('\n', ' ').Trim();
        return name.Length > 0 ? MessageText.Beginning(name, Folder.MaxNameLength) : throw new RejectedException("folder.empty");
    }
}
