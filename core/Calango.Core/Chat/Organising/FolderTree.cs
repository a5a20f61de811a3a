namespace Calango.Core.Chat;

/// <summary>Folders as they lie within each other.</summary>
public sealed class FolderTree
{
    private readonly ILookup<Guid?, Folder> _children;

    private FolderTree(ILookup<Guid?, Folder> children)
    {
        _children = children;
        All = [.. Below(null, depth: 1, path: "")];
    }

    /// <summary>Each before those that lie in it.</summary>
    public IReadOnlyList<FolderPlace> All { get; }

    /// <summary>The folders in one, or in none, in order.</summary>
    public IEnumerable<Folder> In(Guid? parentId) => _children[parentId];

    /// <summary>One, with where it lies; null: it is not there.</summary>
    public FolderPlace? Find(Guid id) => All.FirstOrDefault(place => place.Folder.Id == id);

    /// <summary>Whether a folder is another one, or lies in it at any depth.</summary>
    public bool Has(Guid outerId, Guid innerId) => outerId == innerId || In(outerId).Any(child => Has(child.Id, innerId));

    internal static FolderTree Of(IEnumerable<Folder> folders) => new(folders.OrderBy(folder => folder.Position).ThenBy(folder => folder.Id).ToLookup(folder => folder.ParentId));

    internal int DepthOf(Folder folder) => Find(folder.Id)!.Depth;

    // Itself is one.
    internal int HeightOf(Folder folder) => 1 + In(folder.Id).Select(HeightOf).DefaultIfEmpty().Max();

    private IEnumerable<FolderPlace> Below(Guid? parentId, int depth, string path) =>
        from folder in In(parentId)
        let place = new FolderPlace(folder, depth, path + folder.Name)
        from one in Below(folder.Id, depth + 1, place.Path + " / ").Prepend(place)
        select one;
}

/// <summary>A folder and where it lies.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Depth">1: in no other.</param>
/// <param name="Path">Its name, after the names of those that it lies in.</param>
public sealed record FolderPlace(Folder Folder, int Depth, string Path);
