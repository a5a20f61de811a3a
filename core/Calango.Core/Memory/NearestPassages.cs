using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Calango.Core.Chat;
using Calango.Core.Data;
using Calango.Core.Search;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Memory;

/// <summary>Shows of messages that were found by what they mean the passage that does. Thread-safe.</summary>
internal sealed class NearestPassages(Database database)
{
    // Most of a passage, since nothing in it says where it fits.
    private const int MostShown = 400;

    /// <summary>The same hits, each of these with its passage.</summary>
    public async Task<IReadOnlyList<SearchHit>> ShownAsync(ChatMemory memory, float[] vector, IReadOnlyList<SearchHit> hits, CancellationToken cancellationToken)
    {
        var found = hits.Where(hit => hit.ByMeaning).Select(hit => hit.MessageId!.Value).ToList();
        if (found.Count == 0)
        {
            return hits;
        }

        var passages = await database.ReadAsync(db => ReadAsync(db, memory, vector, found, cancellationToken), cancellationToken);
        return [.. hits.Select(hit => hit.MessageId is { } id && passages.TryGetValue(id, out var passage) ? hit with { Snippet = Snippet.Of(passage, [], MostShown) } : hit)];
    }

    private static async Task<Dictionary<Guid, string>> ReadAsync(CalangoDb db, ChatMemory memory, float[] vector, List<Guid> messageIds, CancellationToken cancellationToken)
    {
        var parts = await (from part in db.Set<MessageVector>()
                           where part.MemoryId == memory.Id && part.Length > 0
                           join entry in db.Set<SearchEntry>() on part.EntryNumber equals entry.Number
                           where entry.AccountId == memory.AccountId && messageIds.Contains(entry.MessageId!.Value)
                           select new { MessageId = entry.MessageId!.Value, part.Start, part.Length, part.Values }).ToListAsync(cancellationToken);
        var texts = await db.Set<Message>().Where(message => messageIds.Contains(message.Id)).ToDictionaryAsync(message => message.Id, message => message.Text, cancellationToken);
        return parts.GroupBy(part => part.MessageId).Where(message => texts.ContainsKey(message.Key)).ToDictionary(
            message => message.Key,
            message =>
            {
                var best = message.MaxBy(part => TensorPrimitives.Dot(vector, MemoryMarshal.Cast<byte, float>(part.Values)))!;
                var text = PlainText.Of(texts[message.Key]);
                return text.Substring(Math.Min(best.Start, text.Length), Math.Clamp(text.Length - best.Start, 0, best.Length));
            });
    }
}
