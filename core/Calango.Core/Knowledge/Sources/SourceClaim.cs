using Calango.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;

namespace Calango.Core.Knowledge;

/// <summary>A source that this process looks at, until somebody removes it or another process has it.</summary>
internal sealed class SourceClaim(Source source, Database database)
{
    public Source Source => source;

    /// <summary>Whose it is, as it is stored.</summary>
    public Guid Id { get; } = Guid.CreateVersion7();

    /// <summary>Changes its row, where it is still ours. False: it is not.</summary>
    public Task<bool> TrySetAsync(Action<UpdateSettersBuilder<Source>> set, CancellationToken cancellationToken) => database.WriteAsync(
        async db => await db.Set<Source>().Where(row => row.Id == source.Id && row.ClaimedBy == Id).ExecuteUpdateAsync(set, cancellationToken) > 0, cancellationToken);

    /// <summary>Says how far it is.</summary>
    /// <exception cref="ClaimLostException">It is not ours any more.</exception>
    public async Task ReportAsync(int found, int done, CancellationToken cancellationToken)
    {
        if (!await TrySetAsync(row => row.SetProperty(each => each.Found, found).SetProperty(each => each.Done, done), cancellationToken))
        {
            throw new ClaimLostException();
        }
    }
}
