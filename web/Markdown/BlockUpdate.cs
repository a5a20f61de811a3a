namespace Calango.Web.Markdown;

/// <summary>
/// One element of an answer, ready for the page: replace the element with this id or, where there is none, append it
/// to the element <paramref name="ParentId"/> (to the answer itself when null). Applying an update twice changes nothing.
/// </summary>
/// <param name="Id">The element's id; every id of an answer starts with the answer's own prefix.</param>
/// <param name="Html">The element: one root, safe to insert as it stands.</param>
/// <param name="Finished">True when no later update carries this id.</param>
/// <param name="ParentId">The element to append to, for a run of lines inside a code block.</param>
public readonly record struct BlockUpdate(string Id, string Html, bool Finished, string? ParentId = null);
