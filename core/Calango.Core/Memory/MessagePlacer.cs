using System.Runtime.InteropServices;
using Calango.Core.Knowledge;
using Calango.Core.Models;

namespace Calango.Core.Memory;

/// <summary>Places messages in the space of a memory's model. Thread-safe.</summary>
internal sealed class MessagePlacer(EmbeddingModels models, MemoryEmbedding embedding, Translator translator)
{
    // One call of a service.
    private const int TextsAtOnce = 32;

    /// <summary>The memory's model.</summary>
    /// <exception cref="ModelFailedException">It could not be asked.</exception>
    /// <exception cref="ExtractionException"><c>embedderGone</c>: it is gone, or is another than it was.</exception>
    public async Task<EmbeddingModel> ModelOfAsync(ChatMemory memory, CancellationToken cancellationToken) =>
        // Vectors of two models are never mixed.
        await models.FindAsync(memory.Embedder.Model, cancellationToken) is { } model && EmbedderChoice.IsSpaceOf(memory.Fingerprint, model.Info) ? model : throw new ExtractionException("embedderGone");

    /// <summary>Places some. What one of them says that says nothing is that it was looked at.</summary>
    /// <param name="claim">The memory.</param>
    /// <param name="model">Its model.</param>
    /// <param name="messages">The messages.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False: it is not ours any more.</returns>
    /// <exception cref="ModelFailedException">The model could not be asked.</exception>
    /// <exception cref="Errors.RejectedException">A quota has no room for it.</exception>
    /// <exception cref="ExtractionException">It must be translated, and cannot be.</exception>
    public async Task<bool> PlaceAsync(MemoryClaim claim, EmbeddingModel model, IReadOnlyList<RememberedMessage> messages, CancellationToken cancellationToken)
    {
        var memory = claim.Memory;
        var windows = new MessageWindows(model, new PassageSpace(models, model, EmbedderChoice.IsTranslated(memory.Fingerprint) ? translator : null, memory.Fingerprint));
        var parts = new List<(long EntryNumber, int Part, MessageWindow Window)>();
        var rows = new List<MessageVector>();
        foreach (var message in messages)
        {
            var own = await windows.OfAsync(message.Text, cancellationToken);
            parts.AddRange(own.Select((window, part) => (message.EntryNumber, part, window)));
            rows.AddRange(own.Count > 0 ? [] : [new MessageVector { MemoryId = memory.Id, EntryNumber = message.EntryNumber, Values = [] }]);
        }

        foreach (var some in parts.Chunk(TextsAtOnce))
        {
            var embedded = await embedding.EmbedAsync(memory, Array.ConvertAll(some, part => part.Window.Text), CallPriority.Background, cancellationToken);
            rows.AddRange(some.Zip(embedded.Vectors, (part, vector) => RowOf(memory, model, part, vector)));
            if (!await claim.RenewAsync(cancellationToken))
            {
                return false;
            }
        }

        return await claim.StoreAsync(rows, cancellationToken);
    }

    private static MessageVector RowOf(ChatMemory memory, EmbeddingModel model, (long EntryNumber, int Part, MessageWindow Window) part, float[] vector) => new()
    {
        MemoryId = memory.Id,
        EntryNumber = part.EntryNumber,
        Part = part.Part,
        Start = part.Window.Start,
        Length = part.Window.Length,
        Values = vector.Length == model.Info.Dimensions ? MemoryMarshal.AsBytes<float>(Vectors.Normalized(vector)).ToArray() : throw new ExtractionException("embedderGone"),
    };
}
