using Calango.Core.Data;
using Calango.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Models;

/// <summary>The models that a person wants asked, in this order, where the one that was asked cannot answer. Thread-safe.</summary>
public sealed class FallbackModels(Database database)
{
    /// <summary>The most that there can be.</summary>
    public const int Most = 3;

    /// <summary>The person's list; empty: nothing else is asked.</summary>
    public async Task<IReadOnlyList<ModelRef>> ListAsync(Guid accountId, CancellationToken cancellationToken)
    {
        var lines = await database.ReadAsync(
            db => db.Set<Account>().Where(account => account.Id == accountId).Select(account => account.FallbackModels).SingleAsync(cancellationToken), cancellationToken);
        return [.. lines.Split('\n').Select(line => ModelRef.TryParse(line, out var model) ? model : (ModelRef?)null).OfType<ModelRef>()];
    }

    /// <summary>Replaces the list; what is named twice counts once.</summary>
    public Task ChooseAsync(Guid accountId, IEnumerable<ModelRef> models, CancellationToken cancellationToken)
    {
        var lines = string.Join('\n', models.Distinct().Take(Most));
        return database.WriteAsync(
            db => db.Set<Account>().Where(account => account.Id == accountId)
                .ExecuteUpdateAsync(set => set.SetProperty(account => account.FallbackModels, lines), cancellationToken), cancellationToken);
    }
}
