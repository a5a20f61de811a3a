using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Core.Knowledge;
using Calango.Core.Models;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Chat;

/// <summary>
/// The documents that belong to one chat: they are in a collection of its own, which is there for nobody and nothing else, and go with
/// it. Thread-safe.
/// </summary>
public sealed class ChatDocuments(Database database, Documents documents, EmbeddingModels embedders, Translator translator, AccessLimits limits, TimeProvider clock)
{
    // Of a document that is too long to be given whole, where no part of it belongs to the question more than others.
    private const int OpeningPassages = 3;

    /// <summary>They, in the order in which they came.</summary>
    /// <param name="accountId">Whose chat it is; of somebody else's there are none.</param>
    /// <param name="conversationId">The chat.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<List<Document>> ListAsync(Guid accountId, Guid conversationId, CancellationToken cancellationToken) => database.ReadAsync(
        db => (from document in db.Set<Document>()
               join collection in db.Set<Collection>() on document.CollectionId equals collection.Id
               where collection.ConversationId == conversationId && document.State != DocumentState.Removing && db.ConversationsOf(accountId).Any(chat => chat.Id == conversationId)
               orderby document.Id
               select document).ToListAsync(cancellationToken),
        cancellationToken);

    /// <summary>Adds one, in the place of the one of the same name. It is taken in before all that no chat waits for.</summary>
    /// <inheritdoc cref="Documents.AddAsync"/>
    /// <exception cref="NotFoundException">They have no such chat.</exception>
    public async Task<Document> AddAsync(Guid accountId, Guid conversationId, string name, Stream content, CancellationToken cancellationToken)
    {
        var embedder = await EmbedderAsync(accountId, cancellationToken);
        var collectionId = await database.WriteAsync(db => CollectionAsync(db, accountId, conversationId, embedder, cancellationToken), cancellationToken);
        return await documents.AddAsync(accountId, collectionId, name, content, cancellationToken);
    }

    /// <summary>Brings back one that was of a chat elsewhere. The chat may be one that nobody sees yet.</summary>
    /// <param name="accountId">Whose the chat is.</param>
    /// <param name="conversationId">The chat.</param>
    /// <param name="past">What it was.</param>
    /// <param name="content">Its bytes, read once.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal async Task BringAsync(Guid accountId, Guid conversationId, PastDocument past, Stream content, CancellationToken cancellationToken)
    {
        var embedder = await EmbedderAsync(accountId, cancellationToken);
        var collectionId = await database.WriteAsync(
            async db =>
            {
                if (!await db.Set<Collection>().AnyAsync(collection => collection.Id == past.CollectionId && collection.ConversationId == conversationId, cancellationToken))
                {
                    var made = new Collection { Id = past.CollectionId, OwnerId = accountId, Name = "", ConversationId = conversationId, CreatedAt = past.CollectionMadeAt };
                    made.PlaceWith(embedder);
                    db.Add(made);
                    await db.SaveChangesAsync(cancellationToken);
                    await db.Set<Conversation>().Where(chat => chat.Id == conversationId).ExecuteUpdateAsync(set => set.SetProperty(chat => chat.HasDocuments, true), cancellationToken);
                }

                return past.CollectionId;
            },
            cancellationToken);
        await documents.BringAsync(collectionId, accountId, past, content, cancellationToken);
    }

    /// <summary>Tries one again that could not be read.</summary>
    /// <exception cref="NotFoundException">They have no such chat, or it no such document.</exception>
    public async Task TryAgainAsync(Guid accountId, Guid conversationId, Guid id, CancellationToken cancellationToken) =>
        await documents.ResumeAsync(accountId, (await FindAsync(accountId, conversationId, id, cancellationToken)).CollectionId, id, cancellationToken);

    /// <summary>Takes one away.</summary>
    /// <inheritdoc cref="TryAgainAsync"/>
    public async Task RemoveAsync(Guid accountId, Guid conversationId, Guid id, CancellationToken cancellationToken) =>
        await documents.RemoveAsync(accountId, (await FindAsync(accountId, conversationId, id, cancellationToken)).CollectionId, id, cancellationToken);

    /// <summary>The collection that a chat's documents are in; null: it has none that can be found.</summary>
    internal Task<Collection?> CollectionOfAsync(Conversation conversation, CancellationToken cancellationToken) => database.ReadAsync(
        db => db.Set<Collection>().SingleOrDefaultAsync(
            collection => collection.ConversationId == conversation.Id
                && db.Set<Document>().Any(document => document.CollectionId == collection.Id && document.Edition != null && document.State != DocumentState.Removing), cancellationToken),
        cancellationToken);

    /// <summary>
    /// With how each document begins of which nothing was found: of a short one that is enough for all of it to be given. People ask to have a
    /// document summed up as often as for something in it.
    /// </summary>
    /// <param name="collection">The chat's own.</param>
    /// <param name="found">What was found there and elsewhere.</param>
    /// <param name="wholeTokens">A document of no more than these is given whole.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal async Task<FoundPassages> WithOpeningsAsync(Collection collection, FoundPassages found, int wholeTokens, CancellationToken cancellationToken)
    {
        var known = found.Chosen.Select(passage => passage.Passage.DocumentId).ToHashSet();
        var openings = await database.ReadAsync(
            db => (from passage in db.Set<Passage>()
                   join document in db.Set<Document>() on passage.DocumentId equals document.Id
                   where document.CollectionId == collection.Id && document.Edition == passage.Edition && document.State != DocumentState.Removing
                       && !known.Contains(document.Id) && passage.Ordinal < OpeningPassages && (document.Tokens <= wholeTokens || known.Count == 0)
                   orderby document.Id, passage.Ordinal
                   select new { Passage = passage, document.Name }).ToListAsync(cancellationToken),
            cancellationToken);
        return found with
        {
            Candidates =
            [
                .. found.Chosen,
                .. openings.Select(opening => new FoundPassage(
                    opening.Passage, collection.Id, opening.Name, Keyword: 0, Coverage: 0, Cosine: null, Score: 0, Confidence: 0, PassageFate.Chosen)),
            ],
        };
    }

    private async Task<Document> FindAsync(Guid accountId, Guid conversationId, Guid id, CancellationToken cancellationToken) =>
        (await ListAsync(accountId, conversationId, cancellationToken)).Find(document => document.Id == id) ?? throw new NotFoundException();

    private async Task<Guid> CollectionAsync(CalangoDb db, Guid accountId, Guid conversationId, EmbedderChoice? embedder, CancellationToken cancellationToken)
    {
        // Held, so that two files that come at once make one collection.
        var conversation = await db.HoldConversationAsync(accountId, conversationId, cancellationToken);
        if (await db.Set<Collection>().Where(collection => collection.ConversationId == conversationId).Select(collection => (Guid?)collection.Id).SingleOrDefaultAsync(cancellationToken) is { } known)
        {
            return known;
        }

        var now = clock.GetUtcNow();
        var made = new Collection { Id = Guid.CreateVersion7(now), OwnerId = accountId, Name = "", ConversationId = conversationId, CreatedAt = now };
        made.PlaceWith(embedder);
        conversation.HasDocuments = true;
        db.Add(made);
        await db.SaveChangesAsync(cancellationToken);
        return made.Id;
    }

    // One of this machine: what is attached to a chat is not sent anywhere for being found.
    private async Task<EmbedderChoice?> EmbedderAsync(Guid accountId, CancellationToken cancellationToken)
    {
        var access = await limits.OfAsync(accountId, cancellationToken);
        var offered = (await embedders.ListAsync(cancellationToken)).FirstOrDefault(model => model.OnPremises && access.Allows(AccessKind.Model, model.Ref.ToString()));
        try
        {
            return offered is not null && await embedders.FindAsync(offered.Ref, cancellationToken) is { } found ? EmbedderChoice.Of(found, translator.IsInstalled) : null;
        }
        catch (ModelFailedException)
        {
            // Its words are enough to find it.
            return null;
        }
    }
}
