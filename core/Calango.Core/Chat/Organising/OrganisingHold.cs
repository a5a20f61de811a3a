using Calango.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Chat;

/// <summary>Lets changes of a person's folders and tags come one after another.</summary>
internal static class OrganisingHold
{
    /// <summary>Waits until no other transaction changes how the person's chats are put in order. SQLite has one writer anyway.</summary>
    public static Task HoldOrderAsync(this CalangoDb db, Guid accountId, CancellationToken cancellationToken) => db.IsSqlite
        ? Task.CompletedTask
        : db.Database.ExecuteSqlAsync($"""SELECT 1 FROM accounts WHERE "Id" = {accountId} FOR NO KEY UPDATE""", cancellationToken);
}
