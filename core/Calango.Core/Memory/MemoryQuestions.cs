using System.Collections.Concurrent;
using Calango.Core.Errors;
using Calango.Core.Knowledge;
using Calango.Core.Models;

namespace Calango.Core.Memory;

/// <summary>Places what people look for, once for all pages of what is found. Thread-safe.</summary>
internal sealed class MemoryQuestions(QuestionVectors questions, MemoryEmbedding embedding, TimeProvider clock)
{
    private const int MostKept = 200;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    // One that was slow or away would hold up each search.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<(Guid MemoryId, string Question), (QuestionVector Place, long At)> _placed = new();
    private readonly ConcurrentDictionary<Guid, long> _awaySince = new();

    /// <summary>Where a question lies; null: its model is slow, away, gone, or too dear now.</summary>
    public async Task<QuestionVector?> OfAsync(ChatMemory memory, string question, CancellationToken cancellationToken)
    {
        if (_placed.TryGetValue((memory.Id, question), out var known) && clock.GetElapsedTime(known.At) < Kept)
        {
            return known.Place;
        }

        if (_awaySince.TryGetValue(memory.Id, out var since) && clock.GetElapsedTime(since) < Rest)
        {
            return null;
        }

        using var limit = new CancellationTokenSource(Longest, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var place = await questions.OfAsync(
                memory.Embedder, question, (texts, token) => embedding.EmbedAsync(memory, texts, CallPriority.Interactive, token), either.Token).WaitAsync(either.Token);
            Keep(memory.Id, question, place);
            return place;
        }
        catch (RejectedException)
        {
            return null;
        }
        catch (Exception exception) when (exception is ModelFailedException or ExtractionException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            _awaySince[memory.Id] = clock.GetTimestamp();
            return null;
        }
    }

    private void Keep(Guid memoryId, string question, QuestionVector? place)
    {
        if (_placed.Count >= MostKept)
        {
            _placed.Clear();
        }

        if (place is not null)
        {
            _placed[(memoryId, question)] = (place, clock.GetTimestamp());
        }
    }
}
