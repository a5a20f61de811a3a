namespace Calango.Core.Search;

/// <summary>Where is looked: what is left out does not matter.</summary>
/// <param name="From">No message before it; of titles, no chat last written in before it.</param>
/// <param name="Until">None from it on.</param>
/// <param name="ModelId">In chats in which this model has answered, as its service names it.</param>
/// <param name="FolderId">In chats of this folder.</param>
/// <param name="TagId">In chats with this tag.</param>
/// <param name="HasFile">In chats with files of their own.</param>
/// <param name="IsArchived">In chats that are put away, or in those that are not.</param>
public sealed record SearchFilter(
    DateTimeOffset? From = null, DateTimeOffset? Until = null, string? ModelId = null, Guid? FolderId = null, Guid? TagId = null, bool HasFile = false, bool? IsArchived = null)
{
    /// <summary>Looks everywhere.</summary>
    public static SearchFilter None { get; } = new();

    /// <summary>
    /// The conditions on a search entry <c>e</c>, its chat <c>c</c> and its message <c>m</c>, each with AND before it. In SQL by names, since
    /// this layer lies below the chat's.
    /// </summary>
    internal string ToSql(bool isSqlite, List<object> parameters)
    {
        var conditions = new List<string>();
        Add(From is { } from ? Stored(from) : null, """COALESCE(m."CreatedAt", c."ActiveAt") >= {0}""");
        Add(Until is { } until ? Stored(until) : null, """COALESCE(m."CreatedAt", c."ActiveAt") < {0}""");
        Add(ModelId, """EXISTS (SELECT 1 FROM turns t WHERE t."ConversationId" = c."Id" AND t."ModelId" = {0})""");
        Add(FolderId, """c."FolderId" = {0}""");
        Add(TagId, """EXISTS (SELECT 1 FROM tagged_chats g WHERE g."ConversationId" = c."Id" AND g."TagId" = {0})""");
        if (HasFile)
        {
            conditions.Add("""c."HasDocuments" """);
        }

        if (IsArchived is { } archived)
        {
            conditions.Add(archived ? """c."ArchivedAt" IS NOT NULL""" : """c."ArchivedAt" IS NULL""");
        }

        return string.Concat(conditions.Select(condition => $" AND {condition}"));

        void Add(object? value, string condition)
        {
            if (value is not null)
            {
                conditions.Add(condition.Replace("{0}", $"{{{parameters.Count}}}", StringComparison.Ordinal));
                parameters.Add(value);
            }
        }

        object Stored(DateTimeOffset at) => isSqlite ? at.UtcTicks : at.ToUniversalTime();
    }

    /// <summary>The same for a query that knows an entry by its number alone; empty: it looks everywhere.</summary>
    internal string ToSql(bool isSqlite, string number, List<object> parameters) => this == None ? "" :
        $"""
         AND EXISTS (SELECT 1 FROM search_entries e JOIN conversations c ON c."Id" = e."ConversationId" LEFT JOIN messages m ON m."Id" = e."MessageId"
            WHERE e."Number" = {number}{ToSql(isSqlite, parameters)})
        """;
}
