using Calango.Core.Audit;
using Calango.Core.Chat;
using Calango.Core.Data;
using Calango.Core.Exchange;
using Calango.Core.Files;
using Calango.Core.Identity;
using Calango.Core.Knowledge;
using Calango.Core.Quotas;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.PersonalData;

/// <summary>
/// Removes accounts whose time has come. First nobody comes in any more; a minute later, when all that was begun before has ended, their chats go
/// bit by bit, so do their documents, and with the account at last all that hangs from it. Whatever ends it between two steps, the next minute goes on from there.
/// </summary>
internal sealed class AccountRemover(Database database, Sessions sessions, Avatars avatars, ChatPictures pictures, DocumentWork documents, Func<AuditLog> audit, TimeProvider clock)
{
    // What was asked for before nobody could come in any more is stored by then.
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(1);

    public async Task RemoveDueAsync(CancellationToken cancellationToken)
    {
        foreach (var id in await CloseAsync(cancellationToken))
        {
            await sessions.EndAllAsync(id, except: null, cancellationToken);
        }

        foreach (var id in await ClosedAsync(cancellationToken))
        {
            await RemoveAsync(id, cancellationToken);
        }
    }

    private Task<List<Guid>> CloseAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return database.WriteAsync(
            async db =>
            {
                var due = await db.Set<Account>().Where(account => account.RemoveAt <= now && account.RemoveAt > Account.BeyondKeeping).Select(account => account.Id).ToListAsync(cancellationToken);
                await db.Set<Account>().Where(account => due.Contains(account.Id) && account.RemoveAt <= now).ExecuteUpdateAsync(
                    set => set.SetProperty(account => account.RemoveAt, Account.BeyondKeeping).SetProperty(account => account.SuspendedAt, account => account.SuspendedAt ?? now), cancellationToken);
                // What is still coming in would outlive the account.
                await db.Set<ChatImport>().Where(import => due.Contains(import.AccountId) && import.State <= ImportState.Ready).ExecuteUpdateAsync(
                    set => set.SetProperty(import => import.State, ImportState.Canceled).SetProperty(import => import.ClaimedBy, (Guid?)null), cancellationToken);
                return due;
            },
            cancellationToken);
    }

    private Task<List<Guid>> ClosedAsync(CancellationToken cancellationToken)
    {
        var settled = clock.GetUtcNow() - Settling;
        return database.ReadAsync(
            db => db.Set<Account>()
                .Where(account => account.RemoveAt == Account.BeyondKeeping && account.SuspendedAt <= settled
                    && !db.Set<Turn>().Any(turn => turn.AccountId == account.Id && turn.State < TurnState.Complete))
                .Select(account => account.Id).ToListAsync(cancellationToken),
            cancellationToken);
    }

    private async Task RemoveAsync(Guid id, CancellationToken cancellationToken)
    {
        await database.WriteAsync(
            db => db.Set<Conversation>().Where(chat => chat.AccountId == id).ExecuteUpdateAsync(set => set.SetProperty(chat => chat.DeletedAt, Conversation.BeyondRestoring), cancellationToken),
            cancellationToken);
        await pictures.RemoveAllAsync(id, cancellationToken);
        while (await RemoveSomeChatAsync(id, cancellationToken))
        {
        }

        await documents.RemoveCollectionsOfAsync(id, cancellationToken);
        await avatars.RemoveAsync(id, cancellationToken);
        if (await database.WriteAsync(db => RemoveRowsAsync(db, id, cancellationToken), cancellationToken) > 0)
        {
            await audit().AppendAsync(new AuditOrigin(null, "", ""), AuditActs.AccountRemoved, id.ToString(), CancellationToken.None);
        }
    }

    // A quota and what was used of it know whose they are by an id that may be a group's as well, so nothing of it hangs from the account.
    private static async Task<int> RemoveRowsAsync(CalangoDb db, Guid id, CancellationToken cancellationToken)
    {
        await db.Set<Document>().Where(document => document.AddedBy == id).ExecuteUpdateAsync(set => set.SetProperty(document => document.AddedBy, (Guid?)null), cancellationToken);
        await db.Set<QuotaReservation>().Where(reservation => reservation.AccountId == id).ExecuteDeleteAsync(cancellationToken);
        await db.Set<QuotaBalance>().Where(balance => balance.HolderId == id).ExecuteDeleteAsync(cancellationToken);
        await db.Set<QuotaRule>().Where(rule => rule.SubjectId == id).ExecuteDeleteAsync(cancellationToken);
        return await db.Set<Account>().Where(account => account.Id == id).ExecuteDeleteAsync(cancellationToken);
    }

    // False: there is none any more.
    private Task<bool> RemoveSomeChatAsync(Guid accountId, CancellationToken cancellationToken) => database.WriteAsync(
        async db =>
        {
            var chat = await db.Set<Conversation>().Where(chat => chat.AccountId == accountId).Select(chat => (Guid?)chat.Id).FirstOrDefaultAsync(cancellationToken);
            return chat is { } found && await DeletedChatCleanUp.RemoveSomeAsync(db, found, cancellationToken) > 0;
        },
        cancellationToken);
}
