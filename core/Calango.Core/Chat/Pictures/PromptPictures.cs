using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Files;
using Calango.Core.Models;
using Calango.Sdk;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.AI;

namespace Calango.Core.Chat;

/// <summary>Puts pictures into prompts: the bytes for a model that sees, or may, and words in the place of what is not sent.</summary>
internal sealed class PromptPictures(Database database, Blobs blobs)
{
    // With what they grow by as text they go in one message to a plugin's process. The newest come first: they are what is spoken of.
    private const long MostBytes = 11 << 20;

    private static readonly ILookup<Guid, AIContent> None = Enumerable.Empty<(Guid, AIContent)>().ToLookup(pair => pair.Item1, pair => pair.Item2);

    /// <summary>What goes with each of some messages, the newest of which comes first.</summary>
    /// <exception cref="RejectedException"><c>picture.unseen</c>: the question has some, and it is known that the model sees none.</exception>
    /// <exception cref="BlobException">The store could not give one.</exception>
    public async Task<ILookup<Guid, AIContent>> ForAsync(TurnRun run, IReadOnlyList<Message> newestFirst, CatalogModel model)
    {
        if (!run.Conversation.HasPictures)
        {
            return None;
        }

        var pictures = await database.ReadAsync(db => QuestionPictures.OfAsync(db, [.. newestFirst.Select(message => message.Id)], run.StopRequested), run.StopRequested);
        if (model.SeesPictures == false && pictures.Contains(run.Question.Id))
        {
            throw new RejectedException("picture.unseen", ("model", model.Name));
        }

        var contents = new List<(Guid MessageId, AIContent Content)>();
        var left = model.SeesPictures == false ? 0 : MostBytes;
        foreach (var picture in newestFirst.SelectMany(message => pictures[message.Id]))
        {
            left -= picture.Length;
            contents.Add((picture.MessageId!.Value, left < 0 ? Unsent(picture.Name) : await ReadAsync(picture, run.StopRequested)));
        }

        return contents.ToLookup(pair => pair.MessageId, pair => pair.Content);
    }

    /// <summary>Those of a trace, by their ids, as far as they are still there.</summary>
    /// <exception cref="BlobException">The store could not give one.</exception>
    public async Task<IReadOnlyDictionary<Guid, AIContent>> OfAsync(IEnumerable<TracedPicture> traced, CancellationToken cancellationToken)
    {
        var ids = traced.Select(picture => picture.Id).ToList();
        var contents = new Dictionary<Guid, AIContent>();
        foreach (var picture in ids.Count == 0 ? [] : await database.ReadAsync(db => db.Set<ChatPicture>().Where(picture => ids.Contains(picture.Id)).ToListAsync(cancellationToken), cancellationToken))
        {
            contents[picture.Id] = await ReadAsync(picture, cancellationToken);
        }

        return contents;
    }

    /// <summary>What a model reads in the place of a picture.</summary>
    public static TextContent Unsent(string name) => new($"\n[A picture that you cannot see: {name}]");

    private async Task<AIContent> ReadAsync(ChatPicture picture, CancellationToken cancellationToken)
    {
        if (picture.IsRemoved || await blobs.OpenAsync(picture.BlobKey, cancellationToken) is not { } stored)
        {
            return Unsent(picture.Name);
        }

        await using (stored)
        {
            var bytes = new byte[picture.Length];
            await stored.Stream.ReadExactlyAsync(bytes, cancellationToken);
            // The trace says which it was.
            return new DataContent(bytes, picture.ContentType) { RawRepresentation = picture };
        }
    }
}
