using Calango.Core.Data;
using Calango.Core.Errors;

namespace Calango.Core.Exchange;

/// <summary>What is done with a file of chats: it is looked at, or its chats are stored one after another. Thread-safe.</summary>
internal sealed class ImportWork(Database database, ChatImports imports, ChatShelf shelf, TimeProvider clock)
{
    /// <summary>Does what is to be done now.</summary>
    /// <exception cref="ImportLostException">Somebody wants it otherwise.</exception>
    /// <exception cref="RejectedException">It cannot be read.</exception>
    public async Task DoAsync(ImportClaim claim, CancellationToken cancellationToken)
    {
        await using var spooled = await imports.OpenAsync(claim.Import.Id, cancellationToken);
        using var file = await ImportFile.OpenAsync(spooled.Content, cancellationToken);
        if (claim.Import.State == ImportState.Looking)
        {
            await LookAsync(claim, file, cancellationToken);
        }
        else
        {
            await TakeInAsync(claim, file, cancellationToken);
        }
    }

    private async Task LookAsync(ImportClaim claim, ImportFile file, CancellationToken cancellationToken)
    {
        var (report, seen) = (new ImportReport(), new HashSet<Guid>());
        await foreach (var chat in file.ChatsAsync(claim.Import.AccountId, claim.Import.CreatedAt, report.Losses, cancellationToken))
        {
            var place = await database.ReadAsync(db => ChatPlace.FindAsync(db, claim.Import.AccountId, chat.File, cancellationToken), cancellationToken);
            // Of two that are the same in the file, the second one meets the first.
            report.Note(chat, seen.Add(place.File.Chat.Id) ? place.Outcome : ChatOutcome.Known);
        }

        if (report.Chats == 0)
        {
            throw new RejectedException(report.Losses.ContainsKey("tooLarge") ? "exchange.itemTooLarge" : report.Losses.ContainsKey("damaged") ? "exchange.damaged" : "exchange.noChats");
        }

        var json = report.Write();
        await claim.SetAsync(set => set.SetProperty(row => row.Seen, json).SetProperty(row => row.State, ImportState.Ready).SetProperty(row => row.ClaimedBy, (Guid?)null), cancellationToken);
    }

    // Where another process has ended in the middle of it, the chats that it has counted are passed over.
    private async Task TakeInAsync(ImportClaim claim, ImportFile file, CancellationToken cancellationToken)
    {
        var (report, past, number) = (claim.Import.Result ?? new ImportReport(), claim.Import.Done, 0);
        // What cannot be read was counted when it was looked at, and is the same again.
        var (unreadable, lost) = (new ImportLosses(), report.Losses);
        await foreach (var chat in file.ChatsAsync(claim.Import.AccountId, claim.Import.CreatedAt, unreadable, cancellationToken))
        {
            if (++number <= past)
            {
                continue;
            }

            var done = number;
            var outcome = await shelf.StoreAsync(
                claim.Import.AccountId, chat.File, path => file.OpenAsync(path, cancellationToken),
                (db, outcome) =>
                {
                    var json = report.With(chat, outcome).Write();
                    return claim.SetAsync(db, set => set.SetProperty(row => row.Done, done).SetProperty(row => row.Taken, json), cancellationToken);
                },
                lost, cancellationToken);
            report.Note(chat, outcome);
        }

        foreach (var (name, count) in unreadable)
        {
            lost.Note(name, count);
        }

        var (now, last) = (clock.GetUtcNow(), report.Write());
        await claim.SetAsync(
            set => set.SetProperty(row => row.State, ImportState.Done).SetProperty(row => row.Taken, last).SetProperty(row => row.Done, number).SetProperty(row => row.EndedAt, now)
                .SetProperty(row => row.ClaimedBy, (Guid?)null), cancellationToken);
        await imports.DeleteFileAsync(claim.Import.Id);
    }
}
