using Calango.Core.Errors;
using Calango.Core.Models;
using Calango.Core.Plugins;
using Calango.Core.Quotas;

namespace Calango.Core.Chat;

/// <summary>The models that turn texts into vectors, for programs: what they take is counted. Thread-safe.</summary>
public sealed class CountedEmbeddings
{
    private readonly Embeddings _embeddings;
    private readonly ModelCatalog _catalog;
    private readonly QuotaMeter _quotas;

    internal CountedEmbeddings(Embeddings embeddings, ModelCatalog catalog, QuotaMeter quotas) => (_embeddings, _catalog, _quotas) = (embeddings, catalog, quotas);

    /// <inheritdoc cref="Embeddings.ConnectionsAsync"/>
    public Task<IReadOnlyList<Connection>> ConnectionsAsync(CancellationToken cancellationToken) => _embeddings.ConnectionsAsync(cancellationToken);

    /// <inheritdoc cref="Embeddings.EmbedAsync"/>
    /// <exception cref="RejectedException"><c>quota.…</c>: a quota has no room for it.</exception>
    public async Task<EmbeddedTexts> EmbedAsync(Connection connection, string modelId, IReadOnlyList<string> texts, int? dimensions, ModelCaller caller, CancellationToken cancellationToken)
    {
        var (id, model) = (Guid.CreateVersion7(), new ModelRef(connection.Id, modelId));
        var took = QuotaAmount.None;
        await _quotas.ReserveAsync(id, caller.AccountId, model, AmountOf(texts.Sum(text => TokenEstimate.Of(text))), cancellationToken);
        try
        {
            var embedded = await _embeddings.EmbedAsync(connection, modelId, texts, dimensions, caller, cancellationToken);
            took = AmountOf(embedded.InputTokens ?? texts.Sum(text => TokenEstimate.Of(text)));
            return embedded;
        }
        finally
        {
            await _quotas.EndAsync(id, caller.AccountId, model, took);
        }

        QuotaAmount AmountOf(long tokens) => new((int)tokens, 0, _catalog.Find(model) is { } known ? ModelCost.NanoUsd(known, (int)tokens, 0) ?? 0 : 0);
    }
}
