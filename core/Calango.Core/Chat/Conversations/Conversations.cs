using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Core.Models;
using Calango.Core.Search;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Chat;

/// <summary>A person's chats. Thread-safe.</summary>
public sealed class Conversations(Database database, TurnsRunning running, MessageIndex index, TimeProvider clock)
{
    /// <summary>The chat; null if it is not there, deleted, or somebody else's.</summary>
    public Task<Conversation?> FindAsync(Guid accountId, Guid id, CancellationToken cancellationToken) =>
        database.ReadAsync(db => db.ConversationsOf(accountId).SingleOrDefaultAsync(conversation => conversation.Id == id, cancellationToken), cancellationToken);

    /// <summary>Begins a chat that has no message yet: it has documents before the first question.</summary>
    /// <param name="accountId">Whose.</param>
    /// <param name="settings">How its turns run.</param>
    /// <param name="model">The model of its turns; null: the one of new chats.</param>
    /// <param name="folderId">Where it lies; null, or one that is not there any more: in no folder.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RejectedException">A value is out of its range.</exception>
    public Task<Conversation> BeginAsync(Guid accountId, ConversationSettings settings, ModelRef? model, Guid? folderId, CancellationToken cancellationToken)
    {
        settings.Validate();
        return database.WriteAsync(
            async db =>
            {
                var conversation = await AddAsync(db, accountId, model, settings, folderId, clock.GetUtcNow(), cancellationToken);
                await db.SaveChangesAsync(cancellationToken);
                return conversation;
            },
            cancellationToken);
    }

    /// <summary>Names a chat by hand: no model renames it from now on.</summary>
    /// <exception cref="RejectedException"><c>title.empty</c>.</exception>
    public Task RenameAsync(Guid accountId, Guid id, string title, CancellationToken cancellationToken)
    {
        title = MessageText.Clean(title).Replace('\n', ' ').Trim();
        if (title.Length == 0)
        {
            throw new RejectedException("title.empty");
        }

        title = title.Length > Conversation.MaxTitleLength ? title[..Conversation.MaxTitleLength] : title;
        return database.WriteAsync(async db =>
        {
            var conversation = await db.HoldConversationAsync(accountId, id, cancellationToken);
            (conversation.Title, conversation.TitleSource) = (title, TitleSource.Person);
            await db.SaveChangesAsync(cancellationToken);
            await index.ReplaceTitleAsync(db, id, accountId, title, cancellationToken);
        }, cancellationToken);
    }

    /// <summary>Changes how the next turns run.</summary>
    /// <exception cref="RejectedException">A value is out of its range.</exception>
    public Task UpdateSettingsAsync(Guid accountId, Guid id, ConversationSettings settings, CancellationToken cancellationToken)
    {
        settings.Validate();
        return ChangeAsync(accountId, id, settings.ApplyTo, cancellationToken);
    }

    /// <summary>Chooses the model of the next turns, here and in new chats.</summary>
    public Task UseModelAsync(Guid accountId, Guid id, ModelRef model, CancellationToken cancellationToken) =>
        database.WriteAsync(async db =>
        {
            (await db.HoldConversationAsync(accountId, id, cancellationToken)).Use(model);
            await db.SaveChangesAsync(cancellationToken);
            await UseForNewAsync(db, accountId, model, cancellationToken);
        }, cancellationToken);

    /// <summary>Chooses the model of new chats.</summary>
    public Task UseForNewAsync(Guid accountId, ModelRef model, CancellationToken cancellationToken) =>
        database.WriteAsync(db => UseForNewAsync(db, accountId, model, cancellationToken), cancellationToken);

    /// <summary>Deletes a chat and stops what runs in it. <see cref="RestoreAsync"/> undoes it.</summary>
    public async Task DeleteAsync(Guid accountId, Guid id, CancellationToken cancellationToken)
    {
        await ChangeAsync(accountId, id, conversation => conversation.DeletedAt = clock.GetUtcNow(), cancellationToken);
        await running.StopAllOfAsync(id);
    }

    /// <summary>Brings a deleted chat back, unless it is being cleaned up.</summary>
    /// <exception cref="NotFoundException">It is not there, not deleted, or nothing whole is left of it.</exception>
    public Task RestoreAsync(Guid accountId, Guid id, CancellationToken cancellationToken) =>
        database.WriteAsync(async db =>
        {
            var restored = await db.TrashOf(accountId).Where(conversation => conversation.Id == id)
                .ExecuteUpdateAsync(set => set.SetProperty(conversation => conversation.DeletedAt, (DateTimeOffset?)null), cancellationToken);
            if (restored == 0)
            {
                throw new NotFoundException();
            }
        }, cancellationToken);

    /// <summary>The model with which their next chat begins; null: they have chosen none.</summary>
    public Task<ModelRef?> ModelForNewAsync(Guid accountId, CancellationToken cancellationToken) => database.ReadAsync(
        async db => await db.Set<Account>().SingleAsync(account => account.Id == accountId, cancellationToken) is { DefaultConnectionId: { } connection, DefaultModelId: { } model }
            ? new ModelRef(connection, model)
            : (ModelRef?)null,
        cancellationToken);

    /// <summary>Adds a new chat, within a unit of work that stores it.</summary>
    internal static async Task<Conversation> AddAsync(
        CalangoDb db, Guid accountId, ModelRef? model, ConversationSettings? settings, Guid? folderId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var conversation = new Conversation { Id = Guid.CreateVersion7(now), AccountId = accountId, CreatedAt = now, ActiveAt = now };
        settings?.ApplyTo(conversation);
        // Removed in another tab meanwhile, it would cost them the message.
        conversation.FolderId = folderId is not null && await db.Set<Folder>().AnyAsync(folder => folder.Id == folderId && folder.AccountId == accountId, cancellationToken) ? folderId : null;
        if (model is { } chosen)
        {
            conversation.Use(chosen);
        }
        else
        {
            var account = await db.Set<Account>().AsNoTracking().SingleAsync(account => account.Id == accountId, cancellationToken);
            (conversation.ConnectionId, conversation.ModelId) = (account.DefaultConnectionId, account.DefaultModelId);
        }

        db.Add(conversation);
        return conversation;
    }

    private Task ChangeAsync(Guid accountId, Guid id, Action<Conversation> change, CancellationToken cancellationToken) =>
        database.WriteAsync(async db =>
        {
            change(await db.HoldConversationAsync(accountId, id, cancellationToken));
            await db.SaveChangesAsync(cancellationToken);
        }, cancellationToken);

    private static Task UseForNewAsync(CalangoDb db, Guid accountId, ModelRef model, CancellationToken cancellationToken) =>
        db.Set<Account>().Where(account => account.Id == accountId).ExecuteUpdateAsync(
            set => set.SetProperty(account => account.DefaultConnectionId, model.ConnectionId).SetProperty(account => account.DefaultModelId, model.ModelId),
            cancellationToken);
}
