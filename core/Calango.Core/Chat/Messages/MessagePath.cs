using Calango.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Chat;

/// <summary>Walks the tree of messages. The SQL is the same on both databases.</summary>
internal static class MessagePath
{
    /// <summary>The messages from <paramref name="leafId"/> towards the first, at most <paramref name="take"/>, newest first.</summary>
    public static async Task<List<Message>> UpFromAsync(CalangoDb db, Guid leafId, int take, CancellationToken cancellationToken)
    {
        // A path is never deeper than its depth says, so descending depth is the order of the path.
        var path = await db.Set<Message>().FromSql(
            $"""
            WITH RECURSIVE path AS (
                SELECT m.*, 1 AS steps FROM messages m WHERE m."Id" = {leafId}
                UNION ALL
                SELECT m.*, path.steps + 1 FROM messages m JOIN path ON m."Id" = path."ParentId" WHERE path.steps < {take})
            SELECT * FROM path
            """).AsNoTracking().ToListAsync(cancellationToken);
        path.Sort((left, right) => right.Depth.CompareTo(left.Depth));
        return path;
    }

    /// <summary>Where the shown path ends when it goes through <paramref name="messageId"/>: by the children last shown, else the newest.</summary>
    public static Task<Guid> LeafUnderAsync(CalangoDb db, Guid messageId, CancellationToken cancellationToken) =>
        DownFromAsync(db, messageId, int.MaxValue, cancellationToken);

    /// <summary>Where that path is after so many steps, or where it ends before.</summary>
    public static async Task<Guid> DownFromAsync(CalangoDb db, Guid messageId, int steps, CancellationToken cancellationToken) =>
        await db.Database.SqlQuery<Guid>(
            $"""
            WITH RECURSIVE path AS (
                SELECT m."Id", m."SelectedChildId", m."Depth", 0 AS steps FROM messages m WHERE m."Id" = {messageId}
                UNION ALL
                SELECT m."Id", m."SelectedChildId", m."Depth", path.steps + 1 FROM path JOIN messages m ON m."Id" = COALESCE(path."SelectedChildId",
                    (SELECT child."Id" FROM messages child WHERE child."ParentId" = path."Id" ORDER BY child."Sequence" DESC LIMIT 1))
                WHERE path.steps < {steps})
            SELECT "Id" AS "Value" FROM path ORDER BY "Depth" DESC LIMIT 1
            """).SingleAsync(cancellationToken);

    /// <summary>The message and all that hangs from it.</summary>
    public static async Task<List<Guid>> BranchAsync(CalangoDb db, Guid messageId, CancellationToken cancellationToken) =>
        await db.Database.SqlQuery<Guid>(
            $"""
            WITH RECURSIVE branch AS (
                SELECT m."Id" FROM messages m WHERE m."Id" = {messageId}
                UNION ALL
                SELECT m."Id" FROM messages m JOIN branch ON m."ParentId" = branch."Id")
            SELECT "Id" AS "Value" FROM branch
            """).ToListAsync(cancellationToken);

    /// <summary>Remembers, all the way up, that the path to <paramref name="messageId"/> is the one shown.</summary>
    public static Task<int> RememberAsync(CalangoDb db, Guid messageId, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
            WITH RECURSIVE path AS (
                SELECT m."Id", m."ParentId" FROM messages m WHERE m."Id" = {messageId}
                UNION ALL
                SELECT m."Id", m."ParentId" FROM messages m JOIN path ON m."Id" = path."ParentId")
            UPDATE messages SET "SelectedChildId" = (SELECT path."Id" FROM path WHERE path."ParentId" = messages."Id")
            WHERE "Id" IN (SELECT path."ParentId" FROM path WHERE path."ParentId" IS NOT NULL)
            """, cancellationToken);
}
