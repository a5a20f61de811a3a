using Calango.Core.Data;
using Calango.Core.Errors;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Chat;

/// <summary>A person's tags. Thread-safe.</summary>
public sealed class Tags(Database database)
{
    /// <summary>All of them, by name, with how many chats have each; archived ones count, deleted ones don't.</summary>
    public Task<IReadOnlyList<TagUse>> ListAsync(Guid accountId, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<TagUse>>(
        async db =>
        {
            var tags = await db.Set<Tag>().Where(tag => tag.AccountId == accountId).ToListAsync(cancellationToken);
            var counts = await (from tagged in db.Set<ChatTag>()
                                join chat in db.ConversationsOf(accountId) on tagged.ConversationId equals chat.Id
                                group tagged by tagged.TagId into uses
                                select new { uses.Key, Count = uses.Count() }).ToDictionaryAsync(uses => uses.Key, uses => uses.Count, cancellationToken);
            return [.. tags.OrderBy(tag => tag.Name, StringComparer.CurrentCultureIgnoreCase).Select(tag => new TagUse(tag, counts.GetValueOrDefault(tag.Id)))];
        },
        cancellationToken);

    /// <summary>The tags of chats, by name.</summary>
    public Task<ILookup<Guid, Tag>> OfAsync(Guid accountId, IEnumerable<Guid> chatIds, CancellationToken cancellationToken)
    {
        Guid[] ids = [.. chatIds];
        return database.ReadAsync(
            async db => (await (from tagged in db.Set<ChatTag>()
                                join tag in db.Set<Tag>() on tagged.TagId equals tag.Id
                                where EF.Parameter(ids).Contains(tagged.ConversationId) && tag.AccountId == accountId
                                select new { tagged.ConversationId, Tag = tag }).ToListAsync(cancellationToken))
                .OrderBy(tagged => tagged.Tag.Name, StringComparer.CurrentCultureIgnoreCase).ToLookup(tagged => tagged.ConversationId, tagged => tagged.Tag),
            cancellationToken);
    }

    /// <summary>One; it must be there.</summary>
    /// <exception cref="NotFoundException">It is not there, or somebody else's.</exception>
    public async Task<Tag> FindAsync(Guid accountId, Guid id, CancellationToken cancellationToken) => await database.ReadAsync(
        db => db.Set<Tag>().SingleOrDefaultAsync(tag => tag.Id == id && tag.AccountId == accountId, cancellationToken), cancellationToken) ?? throw new NotFoundException();

    /// <summary>Makes one, or finds the one that has the name already.</summary>
    /// <exception cref="RejectedException"><c>tag.empty</c>, <c>tag.tooMany</c>.</exception>
    public async Task<Tag> AddAsync(Guid accountId, string name, TagColor color, CancellationToken cancellationToken)
    {
        var (shown, compared) = Accepted(name);
        try
        {
            return await database.WriteAsync(
                async db =>
                {
                    var tags = await db.Set<Tag>().Where(tag => tag.AccountId == accountId).ToListAsync(cancellationToken);
                    if (tags.Find(tag => tag.NormalizedName == compared) is { } known)
                    {
                        return known;
                    }

                    if (tags.Count >= Tag.Most)
                    {
                        throw new RejectedException("tag.tooMany", ("most", $"{Tag.Most}"));
                    }

                    var made = new Tag { Id = Guid.CreateVersion7(), AccountId = accountId, Name = shown, NormalizedName = compared, Color = color };
                    db.Add(made);
                    await db.SaveChangesAsync(cancellationToken);
                    return made;
                },
                cancellationToken);
        }
        catch (Exception exception) when (DatabaseFailure.IsDuplicate(exception))
        {
            // Made twice at once: the other was quicker.
            return await database.ReadAsync(db => db.Set<Tag>().SingleAsync(tag => tag.AccountId == accountId && tag.NormalizedName == compared, cancellationToken), cancellationToken);
        }
    }

    /// <summary>Gives one another name and colour, on all chats that have it.</summary>
    /// <exception cref="NotFoundException">It is not there.</exception>
    /// <exception cref="RejectedException"><c>tag.empty</c>, <c>tag.taken</c>.</exception>
    public async Task ChangeAsync(Guid accountId, Guid id, string name, TagColor color, CancellationToken cancellationToken)
    {
        var (shown, compared) = Accepted(name);
        try
        {
            await database.WriteAsync(
                async db =>
                {
                    if (await db.Set<Tag>().Where(tag => tag.Id == id && tag.AccountId == accountId).ExecuteUpdateAsync(
                        set => set.SetProperty(tag => tag.Name, shown).SetProperty(tag => tag.NormalizedName, compared).SetProperty(tag => tag.Color, color), cancellationToken) == 0)
                    {
                        throw new NotFoundException();
                    }
                },
                cancellationToken);
        }
        catch (Exception exception) when (DatabaseFailure.IsDuplicate(exception))
        {
            throw new RejectedException("tag.taken", ("name", shown));
        }
    }

    /// <summary>Gives a chat these tags, and takes all others off.</summary>
    /// <exception cref="NotFoundException">The chat or one of the tags is not there.</exception>
    public Task ReplaceAsync(Guid accountId, Guid chatId, IEnumerable<Guid> tagIds, CancellationToken cancellationToken) => database.WriteAsync(
        async db =>
        {
            Guid[] ids = [.. tagIds.Distinct()];
            await db.HoldOrderAsync(accountId, cancellationToken);
            await db.HoldConversationAsync(accountId, chatId, cancellationToken);
            if (await db.Set<Tag>().CountAsync(tag => tag.AccountId == accountId && EF.Parameter(ids).Contains(tag.Id), cancellationToken) < ids.Length)
            {
                throw new NotFoundException();
            }

            await db.Set<ChatTag>().Where(tagged => tagged.ConversationId == chatId).ExecuteDeleteAsync(cancellationToken);
            db.AddRange(ids.Select(id => new ChatTag { ConversationId = chatId, TagId = id }));
            await db.SaveChangesAsync(cancellationToken);
        },
        cancellationToken);

    /// <summary>Removes one from all chats.</summary>
    /// <exception cref="NotFoundException">It is not there.</exception>
    public Task RemoveAsync(Guid accountId, Guid id, CancellationToken cancellationToken) => database.WriteAsync(
        async db =>
        {
            if (await db.Set<Tag>().Where(tag => tag.Id == id && tag.AccountId == accountId).ExecuteDeleteAsync(cancellationToken) == 0)
            {
                throw new NotFoundException();
            }
        },
        cancellationToken);

    /// <summary>A name as it is shown and as it is compared.</summary>
    /// <exception cref="RejectedException"><c>tag.empty</c>.</exception>
    internal static (string Shown, string Compared) Accepted(string name)
    {
        name = MessageText.Clean(name).Replace('\n', ' ').Trim();
        name = MessageText.Beginning(name, Tag.MaxNameLength).TrimEnd();
        return name.Length > 0 ? (name, MessageText.Beginning(name.Normalize().ToUpperInvariant(), Tag.MaxNameLength)) : throw new RejectedException("tag.empty");
    }
}

/// <summary>A tag and how much it is used.</summary>
/// <param name="Tag">The tag.</param>
/// <param name="Chats">How many chats have it.</param>
public sealed record TagUse(Tag Tag, int Chats);
