using Calango.Core.Models;
using Calango.Sdk;

namespace Calango.Core.Tools;

/// <summary>A tool that chats may use.</summary>
/// <param name="Server">The server that has it.</param>
/// <param name="Info">The tool as its server lists it.</param>
/// <param name="Name">As models are told: letters, digits, _ and - only, and unique.</param>
public sealed record CatalogTool(ToolServer Server, ToolInfo Info, string Name)
{
    /// <summary>For people.</summary>
    public string Title => Info.Title is { Length: > 0 } title ? title : Info.Name;

    /// <summary>Names it where a person chooses.</summary>
    public string Key => ToolKeys.Of(Server.Id, Info.Name);
}

/// <summary>The tools of a server, or why there are none.</summary>
/// <param name="Server">The server.</param>
/// <param name="Tools">What it has.</param>
/// <param name="Failure">Why it could not be asked; null: it could.</param>
public sealed record ToolListing(ToolServer Server, IReadOnlyList<CatalogTool> Tools, Failure? Failure)
{
    /// <summary>Whether people enter something for it themselves.</summary>
    public bool AsksPeople { get; init; }

    /// <summary>Whether it cannot be used, since it needs something that this person has not entered.</summary>
    public bool LacksYours { get; init; }
}
