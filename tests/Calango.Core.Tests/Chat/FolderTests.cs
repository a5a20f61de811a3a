using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Tests.Fixtures;

namespace Calango.Core.Tests.Chat;

/// <summary>Folders lie within each other, and no chat vanishes with one.</summary>
public sealed class FolderTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task Folders_lie_in_each_other_in_the_order_they_are_given_and_never_in_a_circle(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        var folders = kernel.Get<Folders>();
        var (outer, other) = (await AddAsync(kernel, "outer"), await AddAsync(kernel, "other"));
        var inner = await AddAsync(kernel, "inner", outer);
        Assert.Equal(["outer", "outer / inner", "other"], await PathsAsync(kernel));

        await folders.MoveAsync(ChatKernel.Ana, other, null, beforeId: outer, Token);
        Assert.Equal(["other", "outer", "outer / inner"], await PathsAsync(kernel));
        await folders.StepAsync(ChatKernel.Ana, other, 1, Token);
        await folders.StepAsync(ChatKernel.Ana, other, 1, Token);
        Assert.Equal(["outer", "outer / inner", "other"], await PathsAsync(kernel));
        await folders.MoveAsync(ChatKernel.Ana, other, inner, beforeId: null, Token);
        Assert.Equal(["outer", "outer / inner", "outer / inner / other"], await PathsAsync(kernel));

        Assert.Equal("folder.circle", (await Assert.ThrowsAsync<RejectedException>(() => folders.MoveAsync(ChatKernel.Ana, outer, other, null, Token))).Code);
        var fourth = await AddAsync(kernel, "fourth", other);
        var fifth = await AddAsync(kernel, "fifth", fourth);
        Assert.Equal("folder.tooDeep", (await Assert.ThrowsAsync<RejectedException>(() => AddAsync(kernel, "sixth", fifth))).Code);
        Assert.Equal("folder.empty", (await Assert.ThrowsAsync<RejectedException>(() => AddAsync(kernel, " \n"))).Code);
    }

    [EachDatabase]
    public async Task Two_folders_that_are_put_into_each_other_at_once_do_not_both_go(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        var folders = kernel.Get<Folders>();
        var (one, two) = (await AddAsync(kernel, "one"), await AddAsync(kernel, "two"));

        var failures = await Task.WhenAll(TryAsync(one, two), TryAsync(two, one));

        Assert.Single(failures, code => code == "folder.circle");
        Assert.Equal(2, (await folders.TreeAsync(ChatKernel.Ana, Token)).All.Count);

        async Task<string?> TryAsync(Guid id, Guid into)
        {
            try
            {
                await folders.MoveAsync(ChatKernel.Ana, id, into, null, Token);
                return null;
            }
            catch (RejectedException rejected)
            {
                return rejected.Code;
            }
        }
    }

    [EachDatabase]
    public async Task What_lies_in_a_folder_that_goes_moves_to_where_it_lay_and_so_does_what_was_deleted(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        var outer = await AddAsync(kernel, "outer");
        var middle = await AddAsync(kernel, "middle", outer);
        await AddAsync(kernel, "inner", middle);
        var begun = (await kernel.EndOfAsync(await kernel.SendAsync(new NewMessage(null, "in it", Guid.CreateVersion7(), kernel.Model, "request", FolderId: middle)))).ConversationId;
        var deleted = (await kernel.AskAsync("deleted")).ConversationId;
        await kernel.Get<ChatActs>().DoAsync(ChatKernel.Ana, [deleted], ChatAct.Move, middle, Token);
        await kernel.Get<ChatActs>().DoAsync(ChatKernel.Ana, [deleted], ChatAct.Trash, null, Token);
        Assert.Equal([begun], await InAsync(kernel, middle));

        await kernel.Get<Folders>().RemoveAsync(ChatKernel.Ana, middle, Token);
        await kernel.Conversations.RestoreAsync(ChatKernel.Ana, deleted, Token);

        Assert.Equal(["outer", "outer / inner"], await PathsAsync(kernel));
        Assert.Equal([deleted, begun], await InAsync(kernel, outer));
        await kernel.Get<Folders>().RemoveAsync(ChatKernel.Ana, outer, Token);
        Assert.Equal([deleted, begun], await InAsync(kernel, null));
    }

    [EachDatabase]
    public async Task A_moved_chat_is_put_back_where_it_was_and_a_folder_that_is_gone_costs_no_message(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        var (one, two) = (await AddAsync(kernel, "one"), await AddAsync(kernel, "two"));
        var (first, second) = ((await kernel.AskAsync("first")).ConversationId, (await kernel.AskAsync("second")).ConversationId);
        await kernel.Get<ChatActs>().DoAsync(ChatKernel.Ana, [first], ChatAct.Move, one, Token);

        var moved = await kernel.Get<ChatActs>().DoAsync(ChatKernel.Ana, [first, second], ChatAct.Move, two, Token);
        Assert.Equal([second, first], await InAsync(kernel, two));
        await kernel.Get<ChatActs>().UndoAsync(ChatKernel.Ana, ChatAct.Move, two, [.. moved.Select(chat => PlacedChat.Parse(chat.ToString())!)], Token);

        Assert.Equal([first], await InAsync(kernel, one));
        Assert.Equal([second], await InAsync(kernel, null));
        await kernel.Get<Folders>().RemoveAsync(ChatKernel.Ana, two, Token);
        var begun = await kernel.SendAsync(new NewMessage(null, "hello", Guid.CreateVersion7(), kernel.Model, "request", FolderId: two));
        Assert.Contains(begun.ConversationId, await InAsync(kernel, null));
    }

    [EachDatabase]
    public async Task Tags_are_one_by_name_are_counted_and_go_from_all_chats(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        var (tags, lists) = (kernel.Get<Tags>(), kernel.Get<ConversationLists>());
        var (first, second) = ((await kernel.AskAsync("first")).ConversationId, (await kernel.AskAsync("second")).ConversationId);
        var (field, sun) = (await tags.AddAsync(ChatKernel.Ana, "Field notes", TagColor.Leaf, Token), await tags.AddAsync(ChatKernel.Ana, "sun", TagColor.Plain, Token));
        Assert.Equal(field.Id, (await tags.AddAsync(ChatKernel.Ana, " field NOTES ", TagColor.Sky, Token)).Id);

        await tags.ReplaceAsync(ChatKernel.Ana, first, [field.Id, sun.Id], Token);
        var tagged = await kernel.Get<ChatActs>().DoAsync(ChatKernel.Ana, [first, second], ChatAct.Tag, sun.Id, Token);
        Assert.Equal([second], tagged.Select(chat => chat.Id));
        Assert.Equal([("Field notes", 1), ("sun", 2)], (await tags.ListAsync(ChatKernel.Ana, Token)).Select(use => (use.Tag.Name, use.Chats)));
        Assert.Equal([second, first], (await lists.ListAsync(ChatKernel.Ana, new ConversationFilter(TagId: sun.Id), null, 10, Token)).Items.Select(item => item.Id));
        await kernel.Get<ChatActs>().UndoAsync(ChatKernel.Ana, ChatAct.Tag, sun.Id, tagged, Token);
        Assert.Equal([first], (await lists.ListAsync(ChatKernel.Ana, new ConversationFilter(TagId: sun.Id), null, 10, Token)).Items.Select(item => item.Id));

        Assert.Equal("tag.taken", (await Assert.ThrowsAsync<RejectedException>(() => tags.ChangeAsync(ChatKernel.Ana, sun.Id, "FIELD notes", TagColor.Sun, Token))).Code);
        await tags.ChangeAsync(ChatKernel.Ana, sun.Id, "Sun!", TagColor.Sun, Token);
        await tags.RemoveAsync(ChatKernel.Ana, field.Id, Token);
        Assert.Equal(["Sun!"], (await tags.OfAsync(ChatKernel.Ana, [first], Token))[first].Select(tag => tag.Name));
    }

    [EachDatabase]
    public async Task Folders_and_tags_of_others_are_not_there(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        var (folders, tags, stranger) = (kernel.Get<Folders>(), kernel.Get<Tags>(), Guid.CreateVersion7());
        var folder = await AddAsync(kernel, "hers");
        var tag = await tags.AddAsync(ChatKernel.Ana, "hers", TagColor.Plain, Token);

        Assert.Empty((await folders.TreeAsync(stranger, Token)).All);
        Assert.Empty(await tags.ListAsync(stranger, Token));
        foreach (var act in new Func<Task>[]
        {
            () => folders.FindAsync(stranger, folder, Token), () => folders.RenameAsync(stranger, folder, "his", Token), () => folders.MoveAsync(stranger, folder, null, null, Token),
            () => folders.CollapseAsync(stranger, folder, true, Token), () => folders.RemoveAsync(stranger, folder, Token), () => folders.AddAsync(stranger, "in hers", folder, Token),
            () => tags.FindAsync(stranger, tag.Id, Token), () => tags.ChangeAsync(stranger, tag.Id, "his", TagColor.Plain, Token), () => tags.RemoveAsync(stranger, tag.Id, Token),
        })
        {
            await Assert.ThrowsAsync<NotFoundException>(act);
        }
    }

    private static async Task<Guid> AddAsync(ChatKernel kernel, string name, Guid? parent = null) => (await kernel.Get<Folders>().AddAsync(ChatKernel.Ana, name, parent, Token)).Id;

    private static async Task<IReadOnlyList<string>> PathsAsync(ChatKernel kernel) => [.. (await kernel.Get<Folders>().TreeAsync(ChatKernel.Ana, Token)).All.Select(place => place.Path)];

    private static async Task<IReadOnlyList<Guid>> InAsync(ChatKernel kernel, Guid? folder) =>
        [.. (await kernel.Get<ConversationLists>().ListAsync(ChatKernel.Ana, new ConversationFilter(ChatShelf.Loose, folder), null, 40, Token)).Items.Select(item => item.Id)];
}
