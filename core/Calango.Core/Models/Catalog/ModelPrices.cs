using Calango.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Models;

/// <summary>The person's own table of prices and windows. Thread-safe.</summary>
public sealed class ModelPrices
{
    private const decimal MaxPrice = 1_000_000;
    private const int MaxContextTokens = 1_000_000_000;

    private readonly Database _database;
    private readonly CachedRows<ModelOverride> _rows;

    /// <summary>Makes the table.</summary>
    public ModelPrices(Database database, TimeProvider clock)
    {
        _database = database;
        _rows = new CachedRows<ModelOverride>(ReadAsync, clock);
    }

    /// <summary>All entries. The same list object as before, where nothing changed since.</summary>
    public ValueTask<IReadOnlyList<ModelOverride>> ListAsync(CancellationToken cancellationToken) => _rows.ListAsync(cancellationToken);

    /// <summary>Sets the entry of a model. Prices are in US dollars per million tokens; null leaves the service's word.</summary>
    /// <exception cref="InvalidInputException">A number is out of range, or the connection is gone.</exception>
    public Task SetAsync(ModelRef model, decimal? inputPrice, decimal? outputPrice, int? contextTokens, CancellationToken cancellationToken)
    {
        RefuseOutOfRange(inputPrice, outputPrice, contextTokens);
        return ChangeAsync(
            async db =>
            {
                if (!await db.Set<Connection>().AnyAsync(connection => connection.Id == model.ConnectionId, cancellationToken))
                {
                    throw new InvalidInputException(new Dictionary<string, string> { ["model"] = "choice" });
                }

                var entry = await db.Set<ModelOverride>().FindAsync([model.ConnectionId, model.ModelId], cancellationToken)
                    ?? db.Add(new ModelOverride { ConnectionId = model.ConnectionId, ModelId = model.ModelId }).Entity;
                (entry.InputPrice, entry.OutputPrice, entry.ContextTokens) = (inputPrice, outputPrice, contextTokens);
                await db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
    }

    /// <summary>Removes the entry of a model.</summary>
    public Task ClearAsync(ModelRef model, CancellationToken cancellationToken) => ChangeAsync(
        db => db.Set<ModelOverride>().Where(entry => entry.ConnectionId == model.ConnectionId && entry.ModelId == model.ModelId).ExecuteDeleteAsync(cancellationToken),
        cancellationToken);

    private static void RefuseOutOfRange(decimal? inputPrice, decimal? outputPrice, int? contextTokens)
    {
        var errors = new Dictionary<string, string>();
        Refuse("inputPrice", inputPrice is < 0 or > MaxPrice);
        Refuse("outputPrice", outputPrice is < 0 or > MaxPrice);
        Refuse("contextTokens", contextTokens is < 1 or > MaxContextTokens);
        if (errors.Count > 0)
        {
            throw new InvalidInputException(errors);
        }

        void Refuse(string field, bool outOfRange)
        {
            if (outOfRange)
            {
                errors[field] = "range";
            }
        }
    }

    private Task<IReadOnlyList<ModelOverride>> ReadAsync() => _database.ReadAsync<IReadOnlyList<ModelOverride>>(
        async db => await db.Set<ModelOverride>().ToListAsync(), CancellationToken.None);

    private async Task ChangeAsync(Func<CalangoDb, Task> change, CancellationToken cancellationToken)
    {
        try
        {
            await _database.WriteAsync(change, cancellationToken);
        }
        finally
        {
            _rows.Drop();
        }
    }
}
