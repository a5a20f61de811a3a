using System.Net;
using AngleSharp.Html.Dom;
using Calango.Tests.Fixtures;

namespace Calango.Faults.Tests;

/// <summary>One person, two tabs, one finger too quick.</summary>
public sealed class TabTests
{
    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [EachDatabase]
    public Task R19_Two_tabs_that_send_at_once_see_one_order_and_no_branch(DatabaseKind kind) => FaultRuns.RunAsync(kind, async installation =>
    {
        using var left = await installation.OpenTabAsync(CancellationToken);
        using var right = await installation.OpenTabAsync(CancellationToken);
        var chat = (await left.SendAsync("Round 0 [[n=3]]", cancellationToken: CancellationToken)).ConversationId;
        await (await left.ReadAsync(chat, CancellationToken)).FollowToTheEndAsync(CancellationToken);

        for (var round = 1; round <= 8; round++)
        {
            var sent = await Task.WhenAll(
                left.TrySendAsync($"Round {round}, left [[hold=2]]", chat, Guid.CreateVersion7(), CancellationToken),
                right.TrySendAsync($"Round {round}, right [[hold=2]]", chat, Guid.CreateVersion7(), CancellationToken));
            var refused = Assert.Single(sent, answer => answer.Status != HttpStatusCode.OK);
            Assert.Equal(HttpStatusCode.Conflict, refused.Status);
            Assert.Contains("An answer is still being written in this chat.", refused.Page.Body!.TextContent, StringComparison.Ordinal);

            var (inLeft, inRight) = (await left.ReadAsync(chat, CancellationToken), await right.ReadAsync(chat, CancellationToken));
            var following = Task.WhenAll(inLeft.FollowToTheEndAsync(CancellationToken), inRight.FollowToTheEndAsync(CancellationToken));
            var request = await NextHeldAsync(installation);
            Assert.StartsWith($"Round {round}", request, StringComparison.Ordinal);
            installation.Upstream.Release();
            await following;
            Assert.Equal(inLeft.Text, inRight.Text);
        }

        var order = MessagesOf(await left.OpenAsync(chat, CancellationToken));
        Assert.Equal(order, MessagesOf(await right.OpenAsync(chat, CancellationToken)));
        Assert.Equal(18, order.Count);
        Assert.Null((await left.OpenAsync(chat, CancellationToken)).QuerySelector(".siblings"));
    });

    [EachDatabase]
    public Task R20_A_message_sent_twenty_times_at_once_and_again_later_is_one_turn(DatabaseKind kind) => FaultRuns.RunAsync(kind, async installation =>
    {
        using var tab = await installation.OpenTabAsync(CancellationToken);
        var chat = await SendManyTimesAsync(installation, tab, "In a new chat", null);
        await SendManyTimesAsync(installation, tab, "In the same chat", chat);

        await installation.KillAsync();
        await installation.RestartAsync();
        using var later = await installation.OpenTabAsync(CancellationToken);
        foreach (var message in installation.Ledger.Messages.Distinct().ToList())
        {
            var replayed = await later.TrySendAsync(message.Text, message.Text == "In a new chat" ? null : chat, message.ClientMessageId, CancellationToken);
            Assert.Equal(HttpStatusCode.OK, replayed.Status);
            Assert.Equal(chat, replayed.ConversationId);
        }

        Assert.Equal(4, MessagesOf(await later.OpenAsync(chat, CancellationToken)).Count);
        Assert.Equal(2, installation.Upstream.Stats.Requests);
    });

    private static async Task<Guid> SendManyTimesAsync(Installation installation, Tab tab, string text, Guid? chat)
    {
        var id = Guid.CreateVersion7();
        var sent = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => tab.TrySendAsync(text, chat, id, CancellationToken)));
        Assert.All(sent, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        var only = Assert.Single(sent.Select(answer => answer.ConversationId).Distinct());
        await installation.NextRequestAsync(CancellationToken);
        await (await tab.ReadAsync(only, CancellationToken)).FollowToTheEndAsync(CancellationToken);
        return only;
    }

    private static async Task<string> NextHeldAsync(Installation installation)
    {
        while (true)
        {
            var request = await installation.NextRequestAsync(CancellationToken);
            if (request.LastUserText.Contains("hold", StringComparison.Ordinal))
            {
                await request.Held.WaitAsync(Eventually.Limit, CancellationToken);
                return request.LastUserText;
            }
        }
    }

    private static List<string?> MessagesOf(IHtmlDocument page) => [.. page.QuerySelectorAll(".message").Select(message => message.Id)];
}
