using Calango.Core.Data;
using Calango.Core.Errors;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Chat;

/// <summary>The pictures of questions, inside a unit of work.</summary>
internal static class QuestionPictures
{
    /// <summary>Those of some messages, in order.</summary>
    public static async Task<ILookup<Guid, ChatPicture>> OfAsync(CalangoDb db, IReadOnlyList<Guid> messageIds, CancellationToken cancellationToken) =>
        (await db.Set<ChatPicture>().AsNoTracking().Where(picture => picture.MessageId != null && messageIds.Contains(picture.MessageId.Value))
            .OrderBy(picture => picture.Position).ToListAsync(cancellationToken)).ToLookup(picture => picture.MessageId!.Value);

    /// <summary>Those of a held chat that wait for a question, tracked, in the order in which the question has them.</summary>
    /// <exception cref="RejectedException"><c>picture.gone</c>: one isn't there, or was sent.</exception>
    public static async Task<IReadOnlyList<ChatPicture>> TakeAsync(CalangoDb db, Conversation conversation, IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
        {
            return [];
        }

        var waiting = await db.Set<ChatPicture>().AsTracking()
            .Where(picture => picture.ConversationId == conversation.Id && picture.MessageId == null && ids.Contains(picture.Id)).ToDictionaryAsync(picture => picture.Id, cancellationToken);
        var taken = new List<ChatPicture>();
        foreach (var id in ids.Distinct())
        {
            var picture = waiting.GetValueOrDefault(id) ?? throw new RejectedException("picture.gone");
            picture.Position = taken.Count;
            taken.Add(picture);
        }

        return taken;
    }

    /// <summary>The same pictures for a question in the place of another one.</summary>
    public static async Task<IReadOnlyList<ChatPicture>> CopyAsync(CalangoDb db, Guid messageId, CancellationToken cancellationToken)
    {
        var copies = (await OfAsync(db, [messageId], cancellationToken))[messageId].Select(picture => picture.CopyFor(picture.ConversationId, messageId: null)).ToList();
        db.AddRange(copies);
        return copies;
    }
}
