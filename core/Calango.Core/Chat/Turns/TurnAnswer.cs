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
        await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE messages SET "Text" = {text}, "Reasoning" = {reasoning}, "Tokens" = {TokenEstimate.Of(text)}
            WHERE "Id" = {turnId} AND EXISTS (SELECT 1 FROM turns WHERE turns."Id" = {turnId} AND turns."State" < {(int)TurnState.Complete})
            """, cancellationToken) > 0;
}
