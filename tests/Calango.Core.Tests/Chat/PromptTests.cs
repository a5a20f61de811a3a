using Calango.Core.Chat;
using Calango.Core.Models;
using Calango.Tests.Fixtures;

namespace Calango.Core.Tests.Chat;

public sealed class PromptTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task What_no_longer_fits_leaves_the_prompt_and_the_answer_says_where(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        var words = string.Concat(Enumerable.Repeat("word ", 100));
        var first = await kernel.AskAsync($"[[say=1]]first {words}");
        await kernel.AskAsync($"[[say=1]]second {words}", first.ConversationId);
        await kernel.Conversations.UpdateSettingsAsync(ChatKernel.Ana, first.ConversationId, new ConversationSettings(null, null, "Be kind.", 400), Token);

        var third = await kernel.AskAsync("third", first.ConversationId);

        var sent = kernel.Upstream.Requests[^1].Messages;
        Assert.Equal(["system", "user", "assistant", "user"], sent.Select(message => message.Role));
        Assert.StartsWith("[[say=1]]second", sent[1].Text, StringComparison.Ordinal);
        Assert.Equal(2, third.OmittedMessages);
        Assert.Equal((await kernel.Messages.PageAsync(ChatKernel.Ana, first.ConversationId, null, 10, Token))!.Messages[2].Message.Id, third.FirstIncludedId);
        Assert.Equal(2, (await kernel.Get<ContextMeter>().OfAsync(ChatKernel.Ana, first.ConversationId, Token)).OmittedMessages);
    }

    [Fact]
    public async Task A_question_far_beyond_the_window_is_refused_before_it_is_sent()
    {
        await using var kernel = await ChatKernel.StartAsync(DatabaseKind.Sqlite);

        var turn = await kernel.AskAsync(new string('x', 200_000));

        Assert.Equal((TurnState.Failed, "prompt.tooLong"), (turn.State, turn.FailureCode));
        Assert.Empty(kernel.Upstream.Requests);
    }

    [EachDatabase]
    public async Task The_model_can_change_in_the_middle_and_new_chats_start_with_the_last_one(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        kernel.Upstream.Models = ["fake", "fake-n3"];
        var first = await kernel.AskAsync("one");
        var other = kernel.Model with { ModelId = "fake-n3" };

        await kernel.Conversations.UseModelAsync(ChatKernel.Ana, first.ConversationId, other, Token);
        await kernel.EndOfAsync(await kernel.SendAsync(new NewMessage(first.ConversationId, "two", Guid.CreateVersion7(), null, "request")));
        await kernel.EndOfAsync(await kernel.SendAsync(new NewMessage(null, "three", Guid.CreateVersion7(), null, "request")));

        Assert.Equal(["fake", "fake-n3", "fake-n3"], kernel.Upstream.Requests.Select(request => request.Model));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("a", 1)]
    [InlineData("four", 1)]
    [InlineData("日本語", 3)]
    public void A_text_has_about_as_many_tokens_as_its_alphabet_needs(string text, int tokens) => Assert.Equal(tokens, TokenEstimate.Of(text));

    [Fact]
    public async Task A_price_becomes_the_cost_of_an_answer()
    {
        await using var kernel = await ChatKernel.StartAsync(DatabaseKind.Sqlite);
        await kernel.Get<ModelPrices>().SetAsync(kernel.Model, inputPrice: 2m, outputPrice: 10m, contextTokens: 1000, Token);

        var turn = await kernel.AskAsync("[[n=5]]");

        // 7 tokens in at 2 dollars a million, 5 out at 10.
        Assert.Equal((7 * 2_000) + (5 * 10_000), turn.CostNanoUsd);
        Assert.Equal(1000, (await kernel.Get<ContextMeter>().OfAsync(ChatKernel.Ana, turn.ConversationId, Token)).WindowTokens);
    }
}
