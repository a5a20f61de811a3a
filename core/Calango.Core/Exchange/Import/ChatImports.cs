using Calango.Core.Chat;
using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Files;
using Calango.Core.Jobs;
using Calango.Core.Knowledge;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Exchange;

/// <summary>Says within this process that there is a file of chats to be looked at or taken in.</summary>
public sealed class ImportBell : Bell;

/// <summary>The files of chats that somebody has brought. <see cref="ImportWork"/> looks at them and takes them in. Thread-safe.</summary>
public sealed class ChatImports
{
    /// <summary>The most bytes that a file may have.</summary>
    public const long LargestFile = 512 * 1024 * 1024;

    private const int MostOpen = 3;
    private const string ContentType = "application/octet-stream";

    private readonly Database _database;
    private readonly Blobs _blobs;
    private readonly SpoolFolder _spool;
    private readonly ImportBell _bell;
    private readonly TimeProvider _clock;

    internal ChatImports(Database database, Blobs blobs, SpoolFolder spool, ImportBell bell, TimeProvider clock) => (_database, _blobs, _spool, _bell, _clock) = (database, blobs, spool, bell, clock);

    internal static string KeyOf(Guid import) => $"{Blobs.Imports}{import:N}";

    /// <summary>Somebody's, the newest first.</summary>
    public Task<List<ChatImport>> ListAsync(Guid accountId, CancellationToken cancellationToken) => _database.ReadAsync(
        db => db.Set<ChatImport>().Where(import => import.AccountId == accountId).OrderByDescending(import => import.Id).ToListAsync(cancellationToken), cancellationToken);

    /// <summary>One.</summary>
    /// <exception cref="NotFoundException">There is no such import of theirs.</exception>
    public async Task<ChatImport> FindAsync(Guid accountId, Guid id, CancellationToken cancellationToken) =>
        await _database.ReadAsync(db => db.Set<ChatImport>().SingleOrDefaultAsync(import => import.Id == id && import.AccountId == accountId, cancellationToken), cancellationToken) ?? throw new NotFoundException();

    /// <summary>Takes a file, and has it looked at. Nothing of it is stored as a chat before <see cref="StartAsync"/>.</summary>
    /// <param name="accountId">Whose.</param>
    /// <param name="name">The name of the file, for people.</param>
    /// <param name="content">Its bytes, read once.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RejectedException"><c>exchange.tooLarge</c>, <c>exchange.none</c>: it is empty, <c>exchange.tooMany</c>: others of theirs wait.</exception>
    /// <exception cref="Sdk.BlobException">It could not be stored.</exception>
    public async Task<ChatImport> BeginAsync(Guid accountId, string name, Stream content, CancellationToken cancellationToken)
    {
        await _database.ReadAsync(db => RequireRoomAsync(db, accountId, cancellationToken), cancellationToken);
        var now = _clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        await using var spooled = await SpoolAsync(content, cancellationToken);
        var blob = await _blobs.PutAsync(KeyOf(id), spooled.Content, ContentType, cancellationToken);
        var import = new ChatImport
        {
            Id = id, AccountId = accountId, FileName = MessageText.Beginning(MessageText.Clean(Path.GetFileName(name.Replace('\\', '/'))), ChatImport.MaxNameLength), Length = blob.Length, CreatedAt = now,
        };
        await _database.WriteAsync(
            async db =>
            {
                await RequireRoomAsync(db, accountId, cancellationToken);
                db.Add(import);
                await db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
        _bell.Ring();
        return import;
    }

    /// <summary>Has one taken in that was looked at. Twice is once.</summary>
    /// <exception cref="NotFoundException">There is no such import of theirs.</exception>
    /// <exception cref="RejectedException"><c>exchange.notReady</c>: it was not looked at yet, or has ended.</exception>
    public async Task StartAsync(Guid accountId, Guid id, CancellationToken cancellationToken)
    {
        var import = await FindAsync(accountId, id, cancellationToken);
        if (import.State is not (ImportState.Ready or ImportState.Running))
        {
            throw new RejectedException("exchange.notReady");
        }

        await _database.WriteAsync(
            db => db.Set<ChatImport>().Where(row => row.Id == id && row.State == ImportState.Ready)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.State, ImportState.Running).SetProperty(row => row.ClaimedBy, (Guid?)null), cancellationToken),
            cancellationToken);
        _bell.Ring();
    }

    /// <summary>Ends one. The chats that are done by then stay; one that has ended stays as it is.</summary>
    /// <exception cref="NotFoundException">There is no such import of theirs.</exception>
    public async Task CancelAsync(Guid accountId, Guid id, CancellationToken cancellationToken)
    {
        await FindAsync(accountId, id, cancellationToken);
        var now = _clock.GetUtcNow();
        await _database.WriteAsync(
            db => db.Set<ChatImport>().Where(row => row.Id == id && row.State <= ImportState.Ready).ExecuteUpdateAsync(
                set => set.SetProperty(row => row.State, ImportState.Canceled).SetProperty(row => row.EndedAt, now).SetProperty(row => row.ClaimedBy, (Guid?)null), cancellationToken),
            cancellationToken);
        await DeleteFileAsync(id);
    }

    internal async Task<SpooledFile> OpenAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var content = await _blobs.OpenAsync(KeyOf(id), cancellationToken) ?? throw new RejectedException("exchange.gone");
        return await SpoolAsync(content.Stream, cancellationToken);
    }

    internal async Task DeleteFileAsync(Guid id)
    {
        try
        {
            await _blobs.DeleteAsync(KeyOf(id), CancellationToken.None);
        }
        catch (Sdk.BlobException)
        {
            // The clean-up finds it.
        }
    }

    private async Task<SpooledFile> SpoolAsync(Stream content, CancellationToken cancellationToken)
    {
        try
        {
            return await SpooledFile.WriteAsync(_spool.Path, content, LargestFile, cancellationToken);
        }
        catch (RejectedException rejected) when (rejected.Code == "document.tooLarge")
        {
            throw new RejectedException("exchange.tooLarge", [.. rejected.Arguments]);
        }
        catch (RejectedException rejected) when (rejected.Code == "document.empty")
        {
            throw new RejectedException("exchange.none");
        }
    }

    private static async Task<bool> RequireRoomAsync(CalangoDb db, Guid accountId, CancellationToken cancellationToken) =>
        await db.Set<ChatImport>().CountAsync(import => import.AccountId == accountId && import.State <= ImportState.Ready, cancellationToken) < MostOpen
            ? true
            : throw new RejectedException("exchange.tooMany", ("limit", $"{MostOpen}"));
}
