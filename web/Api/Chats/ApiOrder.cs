using Calango.Core.Chat;
using Calango.Core.Search;

namespace Calango.Web.Api.Chats;

// What /api answers of how chats are put in order.

/// <summary>Where is looked: what is left out does not matter.</summary>
internal sealed record ApiSearchFilter
{
    /// <summary>No message before it.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>No message from it on.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>In chats in which this model has answered.</summary>
    public string? Model { get; init; }

    /// <summary>In chats of this folder.</summary>
    public Guid? Folder { get; init; }

    /// <summary>In chats with this tag.</summary>
    public Guid? Tag { get; init; }

    /// <summary>In chats with files of their own.</summary>
    public bool? File { get; init; }

    /// <summary>In chats that are put away, or in those that are not.</summary>
    public bool? Archived { get; init; }

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
