using Calango.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Knowledge;

/// <summary>A document that this process takes in, until somebody else does or wants it otherwise.</summary>
internal sealed class IntakeClaim(Document document)
{
    public Guid DocumentId => document.Id;

    public Guid CollectionId => document.CollectionId;

    /// <summary>The edition that is being made; empty until that begins.</summary>
    public Guid Edition { get; set; } = document.NextEdition ?? Guid.Empty;

    /// <summary>Whose it is, as it is stored: whoever changes the document takes that away.</summary>
    public Guid Id { get; } = Guid.CreateVersion7();

    /// <summary>The document's row, where it is still ours.</summary>
    public IQueryable<Document> Row(CalangoDb db) => db.Set<Document>().Where(row => row.Id == DocumentId && row.ClaimedBy == Id);

    /// <summary>Makes sure within a unit of work that it is still ours.</summary>
    /// <exception cref="ClaimLostException">It is not.</exception>
    public async Task RequireAsync(CalangoDb db, CancellationToken cancellationToken)
    {
        // An update, so that whoever would take it away waits for the end of this unit of work, or this one for theirs.
        if (await Row(db).ExecuteUpdateAsync(set => set.SetProperty(row => row.ClaimedBy, Id), cancellationToken) == 0)
        {
            throw new ClaimLostException();
        }
    }
}

/// <summary>Somebody has stopped, changed or removed a document that was being taken in, or another process has it now.</summary>
internal sealed class ClaimLostException() : Exception("The document is not ours any more.");
