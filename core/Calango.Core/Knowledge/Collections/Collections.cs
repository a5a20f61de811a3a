using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Knowledge;

/// <summary>A collection as somebody who may use it sees it.</summary>
/// <param name="Collection">The collection.</param>
/// <param name="Right">What they may do with it.</param>
/// <param name="Documents">How many documents it has.</param>
/// <param name="UnderWay">How many of them are being taken in.</param>
/// <param name="Failed">How many could not be.</param>
public sealed record CollectionOverview(Collection Collection, CollectionRight Right, int Documents, int UnderWay, int Failed);

/// <summary>Somebody, or a group, who may use a collection.</summary>
/// <param name="Member">The row.</param>
/// <param name="Name">How the person or the group is called.</param>
public sealed record NamedMember(CollectionMember Member, string Name);

/// <summary>
/// The collections that somebody may use: their own, and those that are shared with them or with a group of theirs. What one may not
/// see is not there for them. Thread-safe.
/// </summary>
public sealed class Collections(Database database, DocumentIntake intake, TimeProvider clock)
{
    /// <summary>All that somebody may use but those of single chats, by name.</summary>
    public Task<List<CollectionOverview>> ListAsync(Guid accountId, CancellationToken cancellationToken) => database.ReadAsync(
        async db =>
        {
            var groups = await GroupsOfAsync(db, accountId, cancellationToken);
            var collections = await Overview(db, db.Set<Collection>().VisibleTo(db, accountId, groups).Where(collection => collection.ConversationId == null)).ToListAsync(cancellationToken);
            var rights = await RightsAsync(db, accountId, groups, collections.ConvertAll(row => row.Collection.Id), cancellationToken);
            return collections
                .OrderBy(row => row.Collection.Name, StringComparer.CurrentCultureIgnoreCase)
                .Select(row => new CollectionOverview(row.Collection, RightOf(row.Collection, accountId, rights), row.Documents, row.UnderWay, row.Failed)).ToList();
        },
        cancellationToken);

    /// <summary>One.</summary>
    /// <param name="accountId">Who asks.</param>
    /// <param name="id">Which.</param>
    /// <param name="right">What they want to do with it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NotFoundException">There is none with this id that they may see.</exception>
    /// <exception cref="RejectedException"><c>collection.readOnly</c>: they may see it, and no more.</exception>
    public Task<CollectionOverview> FindAsync(Guid accountId, Guid id, CollectionRight right, CancellationToken cancellationToken) => database.ReadAsync(
        async db =>
        {
            var groups = await GroupsOfAsync(db, accountId, cancellationToken);
            var row = await Overview(db, db.Set<Collection>().VisibleTo(db, accountId, groups).Where(collection => collection.Id == id)).SingleOrDefaultAsync(cancellationToken) ?? throw new NotFoundException();
            var rights = await RightsAsync(db, accountId, groups, [id], cancellationToken);
            var has = RightOf(row.Collection, accountId, rights);
            return has < right ? throw new RejectedException("collection.readOnly") : new CollectionOverview(row.Collection, has, row.Documents, row.UnderWay, row.Failed);
        },
        cancellationToken);

    /// <summary>Those of some ids that somebody may use now; the others are left out.</summary>
    public Task<List<Collection>> ReadableAsync(Guid accountId, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) => ids.Count == 0 ? Task.FromResult<List<Collection>>([]) : database.ReadAsync(
        async db =>
        {
            var groups = await GroupsOfAsync(db, accountId, cancellationToken);
            return await db.Set<Collection>().VisibleTo(db, accountId, groups).Where(collection => ids.Contains(collection.Id)).ToListAsync(cancellationToken);
        },
        cancellationToken);

    /// <summary>Makes one.</summary>
    /// <param name="accountId">Whose.</param>
    /// <param name="name">For people.</param>
    /// <param name="description">What is in it; may be empty.</param>
    /// <param name="embedder">The model that places its passages, with the space in which it does; null: none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RejectedException"><c>collection.name</c>: it has no name, or too long a one.</exception>
    public async Task<Collection> AddAsync(Guid accountId, string name, string description, EmbedderChoice? embedder, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var collection = new Collection
        {
            Id = Guid.CreateVersion7(now), OwnerId = accountId, Name = Named(name), Description = Described(description), CreatedAt = now,
        };
        collection.PlaceWith(embedder);
        await database.WriteAsync(
            db =>
            {
                db.Add(collection);
                return db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
        return collection;
    }

    /// <summary>Gives one another name and description.</summary>
    /// <inheritdoc cref="FindAsync"/>
    public async Task RenameAsync(Guid accountId, Guid id, string name, string description, CancellationToken cancellationToken)
    {
        await FindAsync(accountId, id, CollectionRight.Manage, cancellationToken);
        var (named, described) = (Named(name), Described(description));
        await database.WriteAsync(
            db => db.Set<Collection>().Where(collection => collection.Id == id)
                .ExecuteUpdateAsync(set => set.SetProperty(collection => collection.Name, named).SetProperty(collection => collection.Description, described), cancellationToken), cancellationToken);
    }

    /// <summary>Sets one up anew. Where its documents must be cut or placed otherwise for it, that begins; until it is done they are found as before.</summary>
    /// <inheritdoc cref="FindAsync"/>
    /// <exception cref="RejectedException"><c>retrieval.…</c>: a value is out of its range.</exception>
    public async Task SetUpAsync(Guid accountId, Guid id, RetrievalOptions options, EmbedderChoice? embedder, CancellationToken cancellationToken)
    {
        options.Validate();
        await FindAsync(accountId, id, CollectionRight.Manage, cancellationToken);
        var again = await database.WriteAsync(
            async db =>
            {
                var collection = await db.Set<Collection>().SingleOrDefaultAsync(collection => collection.Id == id, cancellationToken) ?? throw new NotFoundException();
                var anew = options.CutsOtherwiseThan(collection.Options) || embedder?.Fingerprint != collection.Fingerprint;
                collection.Options = options;
                collection.PlaceWith(embedder);
                await db.SaveChangesAsync(cancellationToken);
                return anew;
            },
            cancellationToken);
        if (again)
        {
            await intake.TakeInAgainAsync(id, cancellationToken);
        }
    }

    /// <summary>Removes one with all that is in it.</summary>
    /// <inheritdoc cref="FindAsync"/>
    public async Task RemoveAsync(Guid accountId, Guid id, CancellationToken cancellationToken)
    {
        await FindAsync(accountId, id, CollectionRight.Manage, cancellationToken);
        await intake.RemoveCollectionAsync(id, cancellationToken);
    }

    /// <summary>Who may use one besides its owner.</summary>
    /// <inheritdoc cref="FindAsync"/>
    public async Task<List<NamedMember>> MembersAsync(Guid accountId, Guid id, CancellationToken cancellationToken)
    {
        await FindAsync(accountId, id, CollectionRight.Read, cancellationToken);
        return await database.ReadAsync(
            db => (from member in db.Set<CollectionMember>()
                   where member.CollectionId == id
                   join account in db.Set<Account>() on member.AccountId equals (Guid?)account.Id into accounts
                   from person in accounts.DefaultIfEmpty()
                   join @group in db.Set<Group>() on member.GroupId equals (Guid?)@group.Id into groups
                   from team in groups.DefaultIfEmpty()
                   orderby member.Id
                   select new NamedMember(member, person != null ? person.Name : team!.Name)).ToListAsync(cancellationToken),
            cancellationToken);
    }

    /// <summary>Lets a person or a group use one, or changes what they may do.</summary>
    /// <inheritdoc cref="FindAsync"/>
    public async Task ShareAsync(Guid accountId, Guid id, Guid? person, Guid? group, CollectionRight right, CancellationToken cancellationToken)
    {
        await FindAsync(accountId, id, CollectionRight.Manage, cancellationToken);
        await database.WriteAsync(
            async db =>
            {
                if (!await db.Set<Account>().AnyAsync(account => account.Id == person, cancellationToken) && !await db.Set<Group>().AnyAsync(row => row.Id == group, cancellationToken))
                {
                    throw new NotFoundException();
                }

                await db.Set<CollectionMember>().Where(member => member.CollectionId == id && member.AccountId == person && member.GroupId == group).ExecuteDeleteAsync(cancellationToken);
                db.Add(new CollectionMember { Id = Guid.CreateVersion7(clock.GetUtcNow()), CollectionId = id, AccountId = person, GroupId = person is null ? group : null, Right = right });
                await db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
    }

    /// <summary>Lets somebody use one no more.</summary>
    /// <inheritdoc cref="FindAsync"/>
    public async Task UnshareAsync(Guid accountId, Guid id, Guid memberId, CancellationToken cancellationToken)
    {
        await FindAsync(accountId, id, CollectionRight.Manage, cancellationToken);
        await database.WriteAsync(db => db.Set<CollectionMember>().Where(member => member.CollectionId == id && member.Id == memberId).ExecuteDeleteAsync(cancellationToken), cancellationToken);
    }

    private static Task<List<Guid>> GroupsOfAsync(CalangoDb db, Guid accountId, CancellationToken cancellationToken) =>
        db.Set<Membership>().Where(membership => membership.AccountId == accountId).Select(membership => membership.GroupId).Distinct().ToListAsync(cancellationToken);

    private static IQueryable<OverviewRow> Overview(CalangoDb db, IQueryable<Collection> collections) => collections.Select(collection => new OverviewRow(
        collection,
        db.Set<Document>().Count(document => document.CollectionId == collection.Id && document.State != DocumentState.Removing),
        db.Set<Document>().Count(document => document.CollectionId == collection.Id && document.State >= DocumentState.Waiting && document.State <= DocumentState.Indexing),
        db.Set<Document>().Count(document => document.CollectionId == collection.Id && document.State == DocumentState.Failed)));

    private static async Task<ILookup<Guid, CollectionRight>> RightsAsync(CalangoDb db, Guid accountId, List<Guid> groups, List<Guid> collections, CancellationToken cancellationToken) =>
        (await db.Set<CollectionMember>()
            .Where(member => collections.Contains(member.CollectionId) && (member.AccountId == accountId || groups.Contains(member.GroupId!.Value)))
            .Select(member => new { member.CollectionId, member.Right }).ToListAsync(cancellationToken)).ToLookup(member => member.CollectionId, member => member.Right);

    private static CollectionRight RightOf(Collection collection, Guid accountId, ILookup<Guid, CollectionRight> rights) =>
        // What becomes of a chat's own one, the chat decides: it is set up, shared and removed nowhere else.
        collection.ConversationId is not null ? CollectionRight.Write
        : collection.OwnerId == accountId ? CollectionRight.Manage
        : rights[collection.Id].DefaultIfEmpty().Max();

    private static string Named(string name) =>
        name.Trim() is { Length: > 0 and <= Collection.MaxNameLength } trimmed ? trimmed : throw new RejectedException("collection.name", ("limit", $"{Collection.MaxNameLength}"));

    private static string Described(string description) =>
        description.Trim() is { Length: <= Collection.MaxDescriptionLength } trimmed ? trimmed : throw new RejectedException("collection.description", ("limit", $"{Collection.MaxDescriptionLength}"));

    private sealed record OverviewRow(Collection Collection, int Documents, int UnderWay, int Failed);
}

internal static class CollectionVisibility
{
    /// <summary>The authorization is the look-up.</summary>
    public static IQueryable<Collection> VisibleTo(this IQueryable<Collection> collections, CalangoDb db, Guid accountId, List<Guid> groups) => collections.Where(collection =>
        !collection.IsRemoved
        && (collection.OwnerId == accountId
        || db.Set<CollectionMember>().Any(member => member.CollectionId == collection.Id && (member.AccountId == accountId || groups.Contains(member.GroupId!.Value)))));
}
