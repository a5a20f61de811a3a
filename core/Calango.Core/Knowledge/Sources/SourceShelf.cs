using System.Security.Cryptography;
using Calango.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Knowledge;

/// <summary>What pages and files of sources have become: a document each, made anew where its content is another. Thread-safe.</summary>
internal sealed class SourceShelf(Database database, DocumentIntake intake)
{
    /// <summary>All pages of a source that are documents, by their addresses.</summary>
    public async Task<Dictionary<string, SourcePage>> KnownAsync(Source source, CancellationToken cancellationToken) =>
        (await database.ReadAsync(db => db.Set<SourcePage>().Where(page => page.SourceId == source.Id).ToListAsync(cancellationToken), cancellationToken)).ToDictionary(page => page.Address, StringComparer.Ordinal);

    /// <summary>Makes a document of what is there now, unless it is what was there before.</summary>
    /// <param name="source">The source.</param>
    /// <param name="address">The page's address.</param>
    /// <param name="known">What it was before; null: it is new.</param>
    /// <param name="version">What its place says of this version.</param>
    /// <param name="name">What people call it.</param>
    /// <param name="content">Its bytes, which can be read twice.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task TakeInAsync(Source source, string address, SourcePage? known, PageVersion version, string name, Stream content, CancellationToken cancellationToken)
    {
        var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
        if (known?.Sha256 == sha256)
        {
            await StoreAsync(source, address, known.DocumentId, known.Name, sha256, version, cancellationToken);
            return;
        }

        content.Position = 0;
        var named = await FreeNameAsync(source, known, name, address, cancellationToken);
        var document = await intake.AddAsync(source.CollectionId, accountId: null, named, content, IngestionPriority.Added, cancellationToken, source.Kind == SourceKind.Web ? address : null);
        await StoreAsync(source, address, document.Id, named, sha256, version, cancellationToken);
        if (known is not null && known.DocumentId != document.Id)
        {
            await intake.MoveAsync(known.DocumentId, [.. Enum.GetValues<DocumentState>()], DocumentState.Removing, cancellationToken);
        }
    }

    /// <summary>Notes that a page is as it was.</summary>
    public Task SameAsync(SourcePage page, CancellationToken cancellationToken) => page.TimesGone == 0 ? Task.CompletedTask : database.WriteAsync(
        db => Row(db, page).ExecuteUpdateAsync(set => set.SetProperty(row => row.TimesGone, 0), cancellationToken), cancellationToken);

    /// <summary>Notes that a page is not there, and removes its document once that was so often enough.</summary>
    public async Task GoneAsync(SourcePage page, int often, CancellationToken cancellationToken)
    {
        if (page.TimesGone + 1 < often)
        {
            await database.WriteAsync(db => Row(db, page).ExecuteUpdateAsync(set => set.SetProperty(row => row.TimesGone, row => row.TimesGone + 1), cancellationToken), cancellationToken);
            return;
        }

        await intake.MoveAsync(page.DocumentId, [.. Enum.GetValues<DocumentState>()], DocumentState.Removing, cancellationToken);
        await database.WriteAsync(db => Row(db, page).ExecuteDeleteAsync(cancellationToken), cancellationToken);
    }

    private static IQueryable<SourcePage> Row(CalangoDb db, SourcePage page) => db.Set<SourcePage>().Where(row => row.SourceId == page.SourceId && row.Address == page.Address);

    // A name is a document's alone in its collection: what another one has is told apart by where it comes from.
    private async Task<string> FreeNameAsync(Source source, SourcePage? known, string name, string address, CancellationToken cancellationToken)
    {
        var wanted = Cut(name);
        var own = known?.DocumentId;
        var isTaken = await database.ReadAsync(
            db => db.Set<Document>().AnyAsync(document => document.CollectionId == source.CollectionId && document.Name == wanted && document.Id != own, cancellationToken), cancellationToken);
        return isTaken ? Cut($"{address} · {name}") : wanted;
    }

    private static string Cut(string name) => name.Length > Document.MaxNameLength ? name[..Document.MaxNameLength] : name;

    private Task StoreAsync(Source source, string address, Guid documentId, string name, string sha256, PageVersion version, CancellationToken cancellationToken) => database.WriteAsync(
        async db =>
        {
            // A source that was removed meanwhile has no pages any more.
            if (!await db.Set<Source>().AnyAsync(row => row.Id == source.Id, cancellationToken))
            {
                throw new ClaimLostException();
            }

            if (await db.Set<SourcePage>().AsTracking().SingleOrDefaultAsync(row => row.SourceId == source.Id && row.Address == address, cancellationToken) is not { } page)
            {
                page = new SourcePage { SourceId = source.Id, Address = address };
                db.Add(page);
            }

            (page.DocumentId, page.Name, page.Sha256, page.Version, page.LastModified, page.TimesGone) = (documentId, name, sha256, version.Tag, version.LastModified, 0);
            await db.SaveChangesAsync(cancellationToken);
        },
        cancellationToken);
}
