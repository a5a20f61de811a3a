using Calango.Core.Chat;

namespace Calango.Web.Pages.Folders;

/// <summary>The choice of a folder.</summary>
/// <param name="Tree">The folders that there are.</param>
/// <param name="Name">The name of the field.</param>
/// <param name="Chosen">The one that is chosen; null: none.</param>
public sealed record PlaceChoice(FolderTree Tree, string Name, Guid? Chosen)
{
    /// <summary>A folder that is moved: it goes neither into itself nor into what lies in it; null: a chat is.</summary>
    public Guid? Without { get; init; }
}
