using Calango.Core.Chat;
using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Search;
using Calango.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Tests.Chat;

/// <summary>Chats stand where somebody has put them, and nowhere else.</summary>
public sealed class OrganisingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task A_pinned_chat_stands_above_the_others_and_an_archived_one_is_out_of_the_list_until_somebody_writes_in_it(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        var (first, second, third) = (await ChatAsync(kernel, "first"), await ChatAsync(kernel, "second"), await ChatAsync(kernel, "third"));

        await DoAsync(kernel, ChatAct.Pin, first);
        await DoAsync(kernel, ChatAct.Archive, second);

        Assert.Equal([third], await ListAsync(kernel, ChatShelf.Loose));
        Assert.Equal([first], (await kernel.Get<ConversationLists>().PinnedAsync(ChatKernel.Ana, Token)).Select(item => item.Id));
        Assert.Equal([third, first], await ListAsync(kernel, ChatShelf.Listed));
        Assert.Equal([second], await ListAsync(kernel, ChatShelf.Archived));
        Assert.All((await kernel.Get<MessageSearch>().FindAsync(ChatKernel.Ana, "second", SearchFilter.None, null, 10, Token)).Hits, hit => Assert.True(hit.IsArchived));

        await kernel.AskAsync("again", second);

        Assert.Equal([second, third], await ListAsync(kernel, ChatShelf.Loose));
        Assert.Empty(await ListAsync(kernel, ChatShelf.Archived));
    }

    [EachDatabase]
    public async Task An_act_on_many_is_taken_back_for_those_that_it_changed(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        var (first, second, third) = (await ChatAsync(kernel, "first"), await ChatAsync(kernel, "second"), await ChatAsync(kernel, "third"));
        await DoAsync(kernel, ChatAct.Archive, first);

        var archived = await DoAsync(kernel, ChatAct.Archive, first, second, third);
        Assert.Equal([third, second, first], await ListAsync(kernel, ChatShelf.Archived));
        await kernel.Get<ChatActs>().UndoAsync(ChatKernel.Ana, ChatAct.Archive, null, archived, Token);
        Assert.Equal([first], await ListAsync(kernel, ChatShelf.Archived));

        var deleted = await DoAsync(kernel, ChatAct.Trash, first, second);
        Assert.Equal([third], await ListAsync(kernel, ChatShelf.Listed));
        Assert.Equal(2, (await kernel.Get<ConversationLists>().TrashAsync(ChatKernel.Ana, null, 10, Token)).Items.Count);
        await kernel.Get<ChatActs>().UndoAsync(ChatKernel.Ana, ChatAct.Trash, null, deleted, Token);
        Assert.Equal([third, second], await ListAsync(kernel, ChatShelf.Listed));
        Assert.Equal([first], await ListAsync(kernel, ChatShelf.Archived));
    }

    [EachDatabase]
    public async Task What_went_from_the_trash_for_good_comes_back_in_no_way_and_the_next_clean_up_takes_it(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        var (gone, kept) = (await ChatAsync(kernel, "gone"), await ChatAsync(kernel, "kept"));
        var trash = kernel.Get<ChatTrash>();
        await Assert.ThrowsAsync<NotFoundException>(() => trash.RemoveAsync(ChatKernel.Ana, gone, Token));
        var deleted = await DoAsync(kernel, ChatAct.Trash, gone, kept);
        await Assert.ThrowsAsync<NotFoundException>(() => trash.RemoveAsync(Guid.CreateVersion7(), gone, Token));

        await trash.RemoveAsync(ChatKernel.Ana, gone, Token);

        Assert.Equal([kept], (await kernel.Get<ConversationLists>().TrashAsync(ChatKernel.Ana, null, 10, Token)).Items.Select(item => item.Id));
        await Assert.ThrowsAsync<NotFoundException>(() => kernel.Conversations.RestoreAsync(ChatKernel.Ana, gone, Token));
        await kernel.Get<ChatActs>().UndoAsync(ChatKernel.Ana, ChatAct.Trash, null, deleted, Token);
        Assert.Equal([kept], await ListAsync(kernel, ChatShelf.Listed));
        await kernel.Get<DeletedChatCleanUp>().RemoveSomeAsync(Token);
        Assert.False(await kernel.Get<Database>().ReadAsync(db => db.Set<Conversation>().AnyAsync(chat => chat.Id == gone, Token), Token));
    }

    [EachDatabase]
    public async Task A_tag_that_is_put_on_a_chat_many_times_at_once_is_there_once(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        var (tags, acts) = (kernel.Get<Tags>(), kernel.Get<ChatActs>());
        for (var round = 0; round < 10; round++)
        {
            var chat = await ChatAsync(kernel, $"chat {round}");
            var tag = await tags.AddAsync(ChatKernel.Ana, $"tag {round}", TagColor.Sun, Token);

            await Task.WhenAll(Enumerable.Range(0, 8).Select(number => number % 2 == 0
                ? acts.DoAsync(ChatKernel.Ana, [chat], ChatAct.Tag, tag.Id, Token)
                : tags.ReplaceAsync(ChatKernel.Ana, chat, [tag.Id], Token)));

            Assert.Equal(tag.Id, Assert.Single((await tags.OfAsync(ChatKernel.Ana, [chat], Token))[chat]).Id);
        }
    }

    [EachDatabase]
    public async Task Nobody_does_anything_to_chats_of_others(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        var chat = await ChatAsync(kernel, "hers");
        var stranger = Guid.CreateVersion7();

        foreach (var act in Enum.GetValues<ChatAct>())
        {
            await Assert.ThrowsAsync<NotFoundException>(() => kernel.Get<ChatActs>().DoAsync(stranger, [chat], act, null, Token));
        }

        Assert.Equal([chat], await ListAsync(kernel, ChatShelf.Loose));
        Assert.Empty((await kernel.Get<ConversationLists>().ListAsync(stranger, new ConversationFilter(), null, 10, Token)).Items);
    }

    [EachDatabase]
    public async Task Every_list_is_read_from_an_index_in_its_order(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        var folder = await FillAsync(kernel);
        foreach (var (index, filter) in new[]
        {
            ("loose", new ConversationFilter(ChatShelf.Loose)), ("in_folder", new ConversationFilter(ChatShelf.Loose, folder)),
            ("listed", new ConversationFilter()), ("archived", new ConversationFilter(ChatShelf.Archived)),
        })
        {
            var plan = await PlanAsync(kernel, db => filter.Of(db, ChatKernel.Ana).OrderByDescending(chat => chat.ActiveAt).ThenByDescending(chat => chat.Id).Take(41));
            Assert.Contains($"IX_conversations_{index}", plan, StringComparison.Ordinal);
            Assert.DoesNotContain("SORT", plan.ToUpperInvariant().Replace("TEMP B-TREE", "SORT", StringComparison.Ordinal), StringComparison.Ordinal);
        }

        Assert.Contains("IX_conversations_trash", await PlanAsync(kernel, db => db.TrashOf(ChatKernel.Ana).OrderByDescending(chat => chat.DeletedAt).ThenByDescending(chat => chat.Id).Take(41)), StringComparison.Ordinal);
    }

    private static async Task<Guid> ChatAsync(ChatKernel kernel, string text) => (await kernel.AskAsync(text)).ConversationId;

    private static Task<IReadOnlyList<PlacedChat>> DoAsync(ChatKernel kernel, ChatAct act, params Guid[] chats) => kernel.Get<ChatActs>().DoAsync(ChatKernel.Ana, chats, act, null, Token);

    private static async Task<IReadOnlyList<Guid>> ListAsync(ChatKernel kernel, ChatShelf shelf) =>
        [.. (await kernel.Get<ConversationLists>().ListAsync(ChatKernel.Ana, new ConversationFilter(shelf), null, 40, Token)).Items.Select(item => item.Id)];

    // As many of each kind that a planner would rather read an index than the table.
    private static Task<Guid> FillAsync(ChatKernel kernel) => kernel.Get<Database>().WriteAsync(
        async db =>
        {
            var folder = new Folder { Id = Guid.CreateVersion7(), AccountId = ChatKernel.Ana, Name = "Lizards" };
            db.Add(folder);
            var now = kernel.Get<TimeProvider>().GetUtcNow();
            db.AddRange(Enumerable.Range(0, 5_000).Select(number => new Conversation
            {
                Id = Guid.CreateVersion7(now),
                AccountId = ChatKernel.Ana,
                Title = $"{number}",
                CreatedAt = now,
                ActiveAt = now.AddSeconds(-number),
                FolderId = number % 5 == 1 ? folder.Id : null,
                PinnedAt = number % 5 == 2 ? now : null,
                ArchivedAt = number % 5 == 3 ? now : null,
                DeletedAt = number % 5 == 4 ? now.AddSeconds(-number) : null,
            }));
            await db.SaveChangesAsync(Token);
            if (!db.IsSqlite)
            {
                await db.Database.ExecuteSqlRawAsync("ANALYZE", Token);
            }

            return folder.Id;
        },
        Token);

    private static Task<string> PlanAsync(ChatKernel kernel, Func<CalangoDb, IQueryable<Conversation>> query) => kernel.Get<Database>().ReadAsync(
        async db =>
        {
            await db.Database.OpenConnectionAsync(Token);
            await using var command = query(db).CreateDbCommand();
            command.CommandText = (db.IsSqlite ? "EXPLAIN QUERY PLAN " : "EXPLAIN ") + command.CommandText;
            var lines = new List<string>();
            await using var reader = await command.ExecuteReaderAsync(Token);
            while (await reader.ReadAsync(Token))
            {
                lines.Add(reader.GetString(reader.FieldCount - 1));
            }

            return string.Join('\n', lines);
        },
        Token);
}
