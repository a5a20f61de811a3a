using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;

namespace Calango.Core.Tests.Chat;

public sealed class TreeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task Another_answer_is_a_sibling_and_the_choice_between_them_stays(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        var first = await kernel.AskAsync("[[say=1]]");
        kernel.Upstream.Enqueue(new UpstreamReply { Text = "second" });
        var second = await kernel.EndOfAsync(await kernel.Turns.RegenerateAsync(ChatKernel.Ana, first.ConversationId, first.Id, null, Guid.CreateVersion7(), "request", Token));
        var view = (await kernel.Messages.FindAsync(ChatKernel.Ana, first.ConversationId, second.Id, Token))!;
        Assert.Equal([first.Id, second.Id], view.Siblings);
        Assert.Equal(1, view.Index);

        var below = await kernel.AskAsync("[[say=1]]under the second", first.ConversationId);
        await kernel.Messages.ShowAsync(ChatKernel.Ana, first.ConversationId, first.Id, Token);
        Assert.Equal(2, (await kernel.ShownAsync(first.ConversationId)).Count);

        await kernel.Messages.ShowAsync(ChatKernel.Ana, first.ConversationId, second.Id, Token);
        Assert.Equal(below.Id, (await kernel.Conversations.FindAsync(ChatKernel.Ana, first.ConversationId, Token))!.HeadId);
        Assert.Equal("under the second", (await kernel.ShownAsync(first.ConversationId))[^1]);
    }

    [EachDatabase]
    public async Task A_rewritten_question_keeps_the_old_one_and_its_answer_beside_it(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        var opening = await kernel.AskAsync("[[say=1]]opening");
        var asked = await kernel.AskAsync("[[say=1]]old", opening.ConversationId);

        var again = await kernel.EndOfAsync(await kernel.Turns.EditQuestionAsync(
            ChatKernel.Ana, opening.ConversationId, asked.QuestionId, "[[say=1]]new", Guid.CreateVersion7(), "request", Token));

        Assert.Equal(["opening", "new"], (await kernel.ShownAsync(opening.ConversationId)).Where((_, index) => index % 2 == 1));
        await kernel.Messages.ShowAsync(ChatKernel.Ana, opening.ConversationId, asked.QuestionId, Token);
        Assert.Equal("old", (await kernel.ShownAsync(opening.ConversationId))[^1]);
        Assert.DoesNotContain(kernel.Upstream.Requests[^1].Messages, message => message.Text == "old");
        Assert.NotEqual(asked.QuestionId, again.QuestionId);
    }

    [EachDatabase]
    public async Task An_answer_rewritten_by_hand_is_what_the_next_prompt_holds(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        var turn = await kernel.AskAsync("[[say=1]]wrong");

        await kernel.Messages.EditAnswerAsync(ChatKernel.Ana, turn.ConversationId, turn.Id, "right", Token);
        await kernel.AskAsync("Go on", turn.ConversationId);

        Assert.Equal(["[[say=1]]wrong", "right", "Go on"], kernel.Upstream.Requests[^1].Messages.Select(message => message.Text));
    }

    [EachDatabase]
    public async Task A_cut_answer_goes_on_in_a_sibling_that_starts_with_its_text(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        kernel.Upstream.Enqueue(new UpstreamReply { Text = "One, two,", FinishReason = "length" }, new UpstreamReply { Text = " three." });
        var cut = await kernel.AskAsync("Count to three");
        Assert.True(cut.IsCut);

        var whole = await kernel.EndOfAsync(await kernel.Turns.ContinueAsync(ChatKernel.Ana, cut.ConversationId, cut.Id, Guid.CreateVersion7(), "request", Token));

        Assert.Equal("One, two, three.", (await kernel.ShownAsync(cut.ConversationId))[^1]);
        Assert.Equal(["user", "assistant", "user"], kernel.Upstream.Requests[^1].Messages.Select(message => message.Role));
        Assert.Equal("answer.whole", (await Assert.ThrowsAsync<RejectedException>(() =>
            kernel.Turns.ContinueAsync(ChatKernel.Ana, cut.ConversationId, whole.Id, Guid.CreateVersion7(), "request", Token))).Code);
    }

    [EachDatabase]
    public async Task Deleting_a_message_deletes_its_branch_and_shows_a_sibling(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        var first = await kernel.AskAsync("[[say=1]]first");
        var second = await kernel.EndOfAsync(await kernel.Turns.RegenerateAsync(ChatKernel.Ana, first.ConversationId, first.Id, null, Guid.CreateVersion7(), "request", Token));
        await kernel.AskAsync("below", first.ConversationId);

        await kernel.Messages.DeleteAsync(ChatKernel.Ana, first.ConversationId, second.Id, Token);

        Assert.Equal(["[[say=1]]first", "first"], await kernel.ShownAsync(first.ConversationId));
        await kernel.Messages.DeleteAsync(ChatKernel.Ana, first.ConversationId, first.QuestionId, Token);
        Assert.Empty(await kernel.ShownAsync(first.ConversationId));
        Assert.Equal(TurnState.Complete, (await kernel.AskAsync("A new start", first.ConversationId)).State);
    }

    [EachDatabase]
    public async Task A_fork_is_a_chat_of_its_own_with_the_path_up_to_the_message(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        var first = await kernel.AskAsync("[[say=1]]one");
        await kernel.AskAsync("[[say=1]]two", first.ConversationId);

        var fork = await kernel.Get<Forks>().ForkAsync(ChatKernel.Ana, first.ConversationId, first.Id, Token);
        await kernel.AskAsync("[[say=1]]other", fork.Id);

        Assert.Equal(["one", "other"], (await kernel.ShownAsync(fork.Id)).Where((_, index) => index % 2 == 1));
        Assert.Equal(["one", "two"], (await kernel.ShownAsync(first.ConversationId)).Where((_, index) => index % 2 == 1));
        var copied = (await kernel.Messages.PageAsync(ChatKernel.Ana, fork.Id, null, 10, Token))!.Messages[1].Turn!;
        Assert.Equal((first.ModelName, first.InputTokens), (copied.ModelName, copied.InputTokens));
    }

    [EachDatabase]
    public async Task Pages_of_a_long_chat_join_without_gap_or_double(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        var first = await kernel.AskAsync("[[say=1]]1");
        for (var i = 2; i <= 6; i++)
        {
            await kernel.AskAsync($"[[say=1]]{i}", first.ConversationId);
        }

        var read = new List<long>();
        Guid? before = null;
        for (var more = true; more;)
        {
            var page = (await kernel.Messages.PageAsync(ChatKernel.Ana, first.ConversationId, before, 5, Token))!;
            read.InsertRange(0, page.Messages.Select(view => view.Message.Sequence));
            (before, more) = (page.Messages[0].Message.Id, page.HasOlder);
        }

        Assert.Equal(Enumerable.Range(1, 12).Select(number => (long)number), read);
    }

    [EachDatabase]
    public async Task A_deleted_chat_is_gone_until_it_is_restored(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        kernel.Upstream.Enqueue(new UpstreamReply { HoldAfter = 1 });
        var turn = await kernel.SendAsync("Delete me");
        await kernel.WrittenAsync(turn, 1);

        await kernel.Conversations.DeleteAsync(ChatKernel.Ana, turn.ConversationId, Token);
        Assert.Null(await kernel.Conversations.FindAsync(ChatKernel.Ana, turn.ConversationId, Token));
        Assert.Null(await kernel.Turns.FindAsync(ChatKernel.Ana, turn.Id, Token));

        await kernel.Conversations.RestoreAsync(ChatKernel.Ana, turn.ConversationId, Token);
        Assert.Equal(TurnState.Stopped, (await kernel.Turns.FindAsync(ChatKernel.Ana, turn.Id, Token))!.State);
    }

    [EachDatabase]
    public async Task The_list_of_chats_is_paged_by_what_was_written_last(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        var oldest = await kernel.AskAsync("1");
        var ids = new List<Guid> { (await kernel.AskAsync("2")).ConversationId, (await kernel.AskAsync("3")).ConversationId };
        await kernel.AskAsync("again", oldest.ConversationId);
        ids.Add(oldest.ConversationId);

        var first = await kernel.Get<ConversationLists>().ListAsync(ChatKernel.Ana, new ConversationFilter(), null, 2, Token);
        var second = await kernel.Get<ConversationLists>().ListAsync(ChatKernel.Ana, new ConversationFilter(), ConversationCursor.Parse(first.Next!.ToString()), 2, Token);

        ids.Reverse();
        Assert.Equal(ids, first.Items.Concat(second.Items).Select(item => item.Id));
        Assert.Null(second.Next);
    }
}
