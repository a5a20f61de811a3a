using Calango.Core.Data;
using Calango.Core.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Knowledge;

/// <summary>Removes passages of editions that count no more: a crash came between a new edition and the removal of the one before.</summary>
internal sealed class OldPassageCleanUp(Database database, EditionWriter editions) : ICleanUp
{
    /// <inheritdoc/>
    public async Task<int> RemoveSomeAsync(CancellationToken cancellationToken)
    {
        // One that is under way has an edition that its row does not name yet.
        var document = await database.ReadAsync(
            db => db.Set<Document>()
                .Where(document => document.State >= DocumentState.Ready && db.Set<Passage>().Any(passage => passage.DocumentId == document.Id && passage.Edition != document.Edition && passage.Edition != document.NextEdition))
                .FirstOrDefaultAsync(cancellationToken), cancellationToken);
        return document is null ? 0
            : await editions.RemoveSomeAsync(document.CollectionId, document.Id, [document.Edition ?? Guid.Empty, document.NextEdition ?? Guid.Empty], cancellationToken);
    }
}
