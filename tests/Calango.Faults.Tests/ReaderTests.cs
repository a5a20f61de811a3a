using System.Net.Sockets;
using System.Text;
using Calango.Core.Chat;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;
using Microsoft.EntityFrameworkCore;

namespace Calango.Faults.Tests;

/// <summary>Readers whose network breaks.</summary>
public sealed class ReaderTests
{
    private static readonly string RichAnswer = string.Concat(Enumerable.Range(1, 12).Select(part =>
        $"""
        ## Part {part}: ação, 蜥蜴, 🦎

        A *calango* runs over **stone {part}** and [rests](https://example.org/{part}); it is {part} cm long.

        - one
          - two, with `code {part}`
        - three

        | lizard | length |
        |---|---|
        | calango | {part} |

        ```csharp
        var lizard = new Lizard({part});

        lizard.Run(); // 🦎
        ```

        > It said: $x^{part}$


        """));

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [EachDatabase]
    public Task R18_A_reader_who_is_cut_off_again_and_again_reads_every_character_once(DatabaseKind kind) => FaultRuns.RunAsync(kind, async installation =>
    {
        using var tab = await installation.OpenTabAsync(CancellationToken);
        installation.Upstream.Enqueue(new UpstreamReply { Text = "hmm " + RichAnswer, Rate = 150, Reasoning = 1 });
        var sent = await tab.SendAsync("Tell me about lizards.", cancellationToken: CancellationToken);
        var readers = new List<PageReader>();
        while (readers.Count < 5)
        {
            readers.Add(await tab.ReadAsync(sent.ConversationId, CancellationToken));
        }

        await Task.WhenAll(readers.Select((reader, way) => BreakAndComeBackAsync(reader, way)));

        Assert.All(readers, reader => Assert.Equal("Complete", reader.State));
        Assert.All(readers, reader => Assert.Contains("Part 12: ação, 蜥蜴, 🦎", reader.Text, StringComparison.Ordinal));
        Assert.Equal(RichAnswer.Trim(), (await tab.Http.GetStringAsync($"/chat/{sent.ConversationId}/messages/{sent.TurnId}/source", CancellationToken)).Trim());
    });

    [EachDatabase]
    public Task R17_An_answer_nobody_reads_any_more_is_finished_and_stored(DatabaseKind kind) => FaultRuns.RunAsync(kind, async installation =>
    {
        using var tab = await installation.OpenTabAsync(CancellationToken);
        var reset = await BeginAsync(installation, tab, "Connection reset");
        var halfClosed = await BeginAsync(installation, tab, "Half closed");
        var left = await BeginAsync(installation, tab, "Tab closed");

        using var resetting = await OpenStreamAsync(installation, reset.TurnId);
        resetting.LingerState = new LingerOption(enable: true, seconds: 0);
        resetting.Close();
        using var closing = await OpenStreamAsync(installation, halfClosed.TurnId);
        closing.Shutdown(SocketShutdown.Send);
        var reader = tab.Read(left.Page);
        await reader.FollowAsync(() => true, cancellationToken: CancellationToken);
        installation.Upstream.Release();

        foreach (var sent in new[] { reset, halfClosed, left })
        {
            using var later = await installation.OpenTabAsync(CancellationToken);
            var page = await later.ReadAsync(sent.ConversationId, CancellationToken);
            await page.FollowToTheEndAsync(CancellationToken);
            Assert.Equal("Complete", page.State);
            Assert.Equal(UpstreamReply.WordsOf(20).Trim(), page.Text.Trim());
        }

        await reader.FollowToTheEndAsync(CancellationToken);
    });

    [EachDatabase]
    public Task R17_A_message_whose_sender_has_gone_is_stored_whole_or_not_at_all(DatabaseKind kind) => FaultRuns.RunAsync(kind, async installation =>
    {
        using var tab = await installation.OpenTabAsync(CancellationToken);
        await tab.SendAsync("The first one", cancellationToken: CancellationToken);
        for (var patience = 0; patience < 40; patience += 2)
        {
            using var gone = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken);
            gone.CancelAfter(patience);
            var sending = tab.TrySendAsync($"Gone after {patience} ms", conversationId: null, Guid.CreateVersion7(), gone.Token);
            await Record.ExceptionAsync(() => sending);
        }

        // What is taken while a server stops is ended by the next one.
        Assert.Equal(0, await installation.Server.TerminateAsync(CancellationToken));
        await installation.RestartAsync();
        await Eventually.HoldsAsync("each turn has ended", () => installation.Data.ReadAsync(
            db => db.Set<Turn>().AllAsync(turn => turn.State == TurnState.Complete || turn.State == TurnState.Interrupted, CancellationToken), CancellationToken), CancellationToken);
    });

    [EachDatabase]
    public Task R17_Stop_closes_the_connection_to_the_model_within_two_seconds(DatabaseKind kind) => FaultRuns.RunAsync(kind, async installation =>
    {
        using var tab = await installation.OpenTabAsync(CancellationToken);
        foreach (var marker in new[] { "[[endless=1 r=50]]", "[[stall=5]]", "[[hang=1]]" })
        {
            var sent = await tab.SendAsync($"Go on {marker}", cancellationToken: CancellationToken);
            var request = await installation.NextRequestAsync(CancellationToken);
            var reader = tab.Read(sent.Page);
            var following = reader.FollowToTheEndAsync(CancellationToken);

            var stopping = tab.PressAsync($"/turns/{sent.TurnId}/stop", CancellationToken);
            await request.Disconnected.WaitAsync(TimeSpan.FromSeconds(2), CancellationToken);
            await Task.WhenAll(stopping, following);
            Assert.Equal("Stopped", reader.State);
        }
    });

    private static async Task<Sent> BeginAsync(Installation installation, Tab tab, string text)
    {
        var sent = await tab.SendAsync($"{text} [[hold=10]]", cancellationToken: CancellationToken);
        var request = await installation.NextRequestAsync(CancellationToken);
        await request.Held.WaitAsync(Eventually.Limit, CancellationToken);
        return sent;
    }

    // Each reader comes back in its own way; all of them cut off after a few events.
    private static async Task BreakAndComeBackAsync(PageReader reader, int way)
    {
        while (!reader.HasEnded)
        {
            var until = reader.Events + Random.Shared.Next(2, 12);
            await reader.FollowAsync(() => reader.Events >= until, goBack: way == 2 ? Random.Shared.Next(1, 40) : 0, freshSource: way == 1, CancellationToken);
            if (!reader.HasEnded && (way == 3 || (way == 4 && Random.Shared.Next(2) == 0)))
            {
                await reader.ReloadAsync(CancellationToken);
            }
        }
    }

    // A bare socket: no client library closes half a connection, or resets one.
    private static async Task<Socket> OpenStreamAsync(Installation installation, Guid turnId)
    {
        var address = installation.Server.Address;
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address.Host, address.Port, CancellationToken);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /turns/{turnId}/events?after=0 HTTP/1.1\r\nHost: {address.Authority}\r\nAccept: text/event-stream\r\n\r\n"), CancellationToken);
        Assert.True(await socket.ReceiveAsync(new byte[4096], CancellationToken) > 0);
        return socket;
    }
}
