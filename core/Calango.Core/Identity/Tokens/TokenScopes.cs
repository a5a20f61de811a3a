namespace Calango.Core.Identity;

/// <summary>What a token may be used for. No one of them administers the server. Stored as a number: a member keeps its value.</summary>
[Flags]
public enum TokenScopes
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>To list and to call models.</summary>
    Models = 1,

    /// <summary>To read and to search the owner's chats.</summary>
    ReadChats = 2,

    /// <summary>To send messages in the owner's chats, to change and to delete them.</summary>
    WriteChats = 4,

    /// <summary>To see and to search the collections that the owner may use, and their documents.</summary>
    ReadKnowledge = 8,

    /// <summary>To make, fill, set up and remove collections, as far as the owner may.</summary>
    WriteKnowledge = 16,

    /// <summary>To see and to fill in the templates that the owner may use.</summary>
    ReadTemplates = 32,

    /// <summary>To write and to remove templates, as far as the owner may.</summary>
    WriteTemplates = 64,
}
