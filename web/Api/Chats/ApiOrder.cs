using Calango.Core.Chat;
using Calango.Core.Search;

namespace Calango.Web.Api.Chats;

// What /api answers of how chats are put in order.

/// <summary>Where is looked: what is left out does not matter.</summary>
/// <param name="From">No message before it.</param>
/// <param name="Until">No message from it on.</param>
/// <param name="Model">In chats in which this model has answered.</param>
/// <param name="Folder">In chats of this folder.</param>
/// <param name="Tag">In chats with this tag.</param>
/// <param name="File">In chats with files of their own.</param>
/// <param name="Archived">In chats that are put away, or in those that are not.</param>
internal sealed record ApiSearchFilter(DateTimeOffset? From, DateTimeOffset? Until, string? Model, Guid? Folder, Guid? Tag, bool? File, bool? Archived)
{
    public SearchFilter Read() => new(From, Until, Model, Folder, Tag, File == true, Archived);
}

/// <summary>A folder of chats.</summary>
/// <param name="Id">The folder.</param>
/// <param name="Name">For people.</param>
/// <param name="ParentId">The folder that it lies in; null: in none.</param>
internal sealed record ApiFolder(Guid Id, string Name, Guid? ParentId)
{
    public static ApiFolder Of(Folder folder) => new(folder.Id, folder.Name, folder.ParentId);
}

/// <summary>A folder to be made, or what is to change in one: what is left out stays as it is.</summary>
/// <param name="Name">For people; of a new one it must be there.</param>
/// <param name="ParentId">The folder that it is to lie in; null: in none.</param>
/// <param name="BeforeId">The folder there that it is to come before; null: it comes last.</param>
internal sealed record ApiFolderChange(string? Name, Guid? ParentId, Guid? BeforeId);

/// <summary>A tag.</summary>
/// <param name="Id">The tag.</param>
/// <param name="Name">For people.</param>
/// <param name="Color"><c>plain</c>, <c>leaf</c>, <c>sun</c>, <c>clay</c>, <c>sky</c> or <c>dusk</c>.</param>
/// <param name="Chats">How many chats have it.</param>
internal sealed record ApiTag(Guid Id, string Name, string Color, int Chats)
{
    public static ApiTag Of(TagUse use) => new(use.Tag.Id, use.Tag.Name, use.Tag.Color.ToString().ToLowerInvariant(), use.Chats);
}

/// <summary>A tag to be made, or what is to change in one: what is left out stays as it is.</summary>
/// <param name="Name">For people; of a new one it must be there.</param>
/// <param name="Color"><c>plain</c>, <c>leaf</c>, <c>sun</c>, <c>clay</c>, <c>sky</c> or <c>dusk</c>.</param>
internal sealed record ApiTagChange(string? Name, string? Color);
