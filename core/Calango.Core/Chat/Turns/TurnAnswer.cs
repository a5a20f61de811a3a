using Calango.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Chat;

/// <summary>Writes the answer of a running turn to its message.</summary>
internal static class TurnAnswer
{
    /// <summary>
    /// Stores the text so far. False if the turn is gone or has ended already: what was stored at the end must not be
    /// replaced by something older.
    /// </summary>
    public static async Task<bool> StoreAsync(CalangoDb db, Guid turnId, string text, string? reasoning, CancellationToken cancellationToken) =>
        await db.Database.ExecuteSqlAsync(db.IsSqlite ? OnSqlite(turnId, text, reasoning) : OnPostgres(turnId, text, reasoning), cancellationToken) > 0;

    // One writer: nobody ends the turn meanwhile.
    private static FormattableString OnSqlite(Guid turnId, string text, string? reasoning) =>
        $"""
        UPDATE messages SET "Text" = {text}, "Reasoning" = {reasoning}, "Tokens" = {TokenEstimate.Of(text)}
        WHERE "Id" = {turnId} AND EXISTS (SELECT 1 FROM turns WHERE turns."Id" = {turnId} AND turns."State" < {(int)TurnState.Complete})
        """;

    // The turn's row is held: without that, a checkpoint that waited for the end of the turn would go by what it had seen before.
    private static FormattableString OnPostgres(Guid turnId, string text, string? reasoning) =>
        $"""
        WITH running AS (SELECT "Id" FROM turns WHERE "Id" = {turnId} AND "State" < {(int)TurnState.Complete} FOR UPDATE)
        UPDATE messages SET "Text" = {text}, "Reasoning" = {reasoning}, "Tokens" = {TokenEstimate.Of(text)}
        FROM running WHERE messages."Id" = running."Id"
        """;
}
