using Calango.Core.Chat;
using Calango.Core.Models;
using Calango.Core.Plugins;
using Calango.Sdk;

namespace Calango.Core.Memory;

/// <summary>Asks the model of a memory for its owner: what they may use and their quotas count. Thread-safe.</summary>
internal sealed class MemoryEmbedding(CountedEmbeddings embeddings)
{
    /// <summary>Turns texts into vectors.</summary>
    /// <exception cref="ModelFailedException">The model is gone, could not be asked, or said no.</exception>
    /// <exception cref="Errors.RejectedException"><c>quota.…</c>: a quota has no room for it.</exception>
    public async Task<EmbeddedTexts> EmbedAsync(ChatMemory memory, IReadOnlyList<string> texts, CallPriority priority, CancellationToken cancellationToken)
    {
        var connection = (await embeddings.ConnectionsAsync(cancellationToken)).FirstOrDefault(connection => connection.Id == memory.ConnectionId)
            ?? throw new ModelFailedException(ProviderFailures.ToFailure(new ProviderException(ProviderErrorKind.ModelNotFound), memory.ModelId, memory.ModelId));
        return await embeddings.EmbedAsync(connection, memory.ModelId, texts, dimensions: null, new ModelCaller(memory.AccountId, priority), cancellationToken);
    }
}
