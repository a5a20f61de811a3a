using Calango.Core.Chat;
using Calango.Core.Identity;
using Calango.Sdk;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;

namespace Calango.Core.Tests.Chat;

public sealed class TitleTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task The_first_exchange_gives_a_chat_its_title_and_what_that_took_is_known(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        await kernel.Get<TaskChoices>().ChooseAsync(ChatKernel.Ana, ModelTask.Title, TaskMode.SameModel, null, Token);
        kernel.Upstream.Enqueue(new UpstreamReply { Text = "Use a visa." }, new UpstreamReply { Text = "\"Travel to Japan.\"\n", Tokens = 4 });

        var conversation = await AskAndTitleAsync(kernel, "How do I get to Japan?");

        Assert.Equal(("Travel to Japan", TitleSource.Model), (conversation.Title, conversation.TitleSource));
        Assert.Equal((7, 4), (conversation.TitleInputTokens, conversation.TitleOutputTokens));
        await kernel.AskAsync("And back?", conversation.Id);
        Assert.Equal(3, kernel.Upstream.Requests.Count);
    }

    [Fact]
    public async Task Without_a_title_model_the_first_words_serve()
    {
        await using var kernel = await ChatKernel.StartAsync(DatabaseKind.Sqlite);

        var conversation = await AskAndTitleAsync(kernel, "Why is the sky blue, and why does it turn red when the sun goes down?");

        Assert.Equal("Why is the sky blue, and why does it turn red when the sun…", conversation.Title);
        Assert.Single(kernel.Upstream.Requests);
    }

    [Fact]
    public async Task A_name_given_by_hand_wins_for_ever()
    {
        await using var kernel = await ChatKernel.StartAsync(DatabaseKind.Sqlite);
        await kernel.Get<TaskChoices>().ChooseAsync(ChatKernel.Ana, ModelTask.Title, TaskMode.SameModel, null, Token);
        kernel.Upstream.Enqueue(new UpstreamReply { HoldAfter = 1 });
        var turn = await kernel.SendAsync("Name me");
        await kernel.WrittenAsync(turn, 1);

        await kernel.Conversations.RenameAsync(ChatKernel.Ana, turn.ConversationId, " My own\nname ", Token);
        kernel.Upstream.Release();
        await kernel.EndOfAsync(turn);
        await kernel.Get<Titles>().WaitAsync(turn.ConversationId, Token);

        Assert.Equal("My own name", (await kernel.Conversations.FindAsync(ChatKernel.Ana, turn.ConversationId, Token))!.Title);
    }

    private static async Task<Conversation> AskAndTitleAsync(ChatKernel kernel, string question)
    {
        var turn = await kernel.AskAsync(question);
        await kernel.Get<Titles>().WaitAsync(turn.ConversationId, Token);
        return (await kernel.Conversations.FindAsync(ChatKernel.Ana, turn.ConversationId, Token))!;
    }
}
