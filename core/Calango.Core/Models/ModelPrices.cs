namespace Calango.Core.Models;

/// <summary>The person's own table of prices and windows. Thread-safe.</summary>
public sealed class ModelPrices
{
    /// <summary>All entries.</summary>
    public Task<IReadOnlyList<ModelOverride>> ListAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Sets the entry of a model; null leaves the service's word.</summary>
    /// <exception cref="InvalidInputException">A number is out of range.</exception>
    public Task SetAsync(ModelRef model, decimal? inputPrice, decimal? outputPrice, int? contextTokens, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Removes the entry of a model.</summary>
    public Task ClearAsync(ModelRef model, CancellationToken cancellationToken) => throw new NotImplementedException();
}
