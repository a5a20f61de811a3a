using Calango.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;

namespace Calango.Core.Exchange;

/// <summary>An import that this process is at, until somebody else is or a person ends it.</summary>
internal sealed class ImportClaim(ChatImport import, Database database)
{
    public ChatImport Import => import;

    /// <summary>Whose it is, as it is stored.</summary>
    public Guid Id { get; } = Guid.CreateVersion7();

    /// <summary>Changes its row within a unit of work.</summary>
    /// <exception cref="ImportLostException">It is not ours any more.</exception>
    public async Task SetAsync(CalangoDb db, Action<UpdateSettersBuilder<ChatImport>> set, CancellationToken cancellationToken)
    {
        if (await db.Set<ChatImport>().Where(row => row.Id == import.Id && row.ClaimedBy == Id).ExecuteUpdateAsync(set, cancellationToken) == 0)
        {
            throw new ImportLostException();
        }
    }

    /// <summary>Changes its row.</summary>
    /// <exception cref="ImportLostException">It is not ours any more.</exception>
    public Task SetAsync(Action<UpdateSettersBuilder<ChatImport>> set, CancellationToken cancellationToken) =>
        database.WriteAsync(db => SetAsync(db, set, cancellationToken), cancellationToken);
}

/// <summary>A person has ended an import that was under way, or another process has it now.</summary>
internal sealed class ImportLostException() : Exception("The import is not ours any more.");
